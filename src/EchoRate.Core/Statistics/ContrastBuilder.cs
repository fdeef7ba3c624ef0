using EchoRate.Core.Items;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Adds up the pairs of one contrast as they come by. Of a pair it holds four numbers, which the bootstrap and the percentiles need.
/// </summary>
/// <param name="withDivergence">Whether the contrast is one of quantizations, where divergences from a are in b's rows.</param>
/// <param name="referenceFileId">The file that divergences must be from; others are of another reference and are not used.</param>
public sealed class ContrastBuilder(bool withDivergence, string? referenceFileId)
{
    private const int LeastForP95 = 100;
    private const int LeastForP99 = 200;
    private readonly List<double> _margins = [];
    private readonly List<double> _logProbs = [];
    private readonly List<double> _divergences = [];
    private readonly HashSet<int> _prefixes = [];
    private long _inputsDiffer;
    private bool _isOtherwiseCompared;
    private (RowStatus Status, string? Reason)? _unmeasured;
    private double _squares;
    private long _compared;
    private long _items;
    private long _aHits;
    private long _bHits;
    private long _lost;
    private long _gained;
    private long _lostClear;
    private long _gainedClear;
    private long _sameTop1;
    private long _nearTies;
    private (long Weights, long Arithmetic)? _alone;

    /// <summary>Takes a pair into account: the same item under the same prefix (or under the two arms of the contrast).</summary>
    public void Add(MeasuredRow a, MeasuredRow b)
    {
        if (b.Prefix is not null)
        {
            _prefixes.Add(b.Prefix.Id);
        }
        if (!HaveSameInput(a, b))
        {
            _inputsDiffer++;
            return;
        }
        if (a.Status == RowStatus.Ok && b.Status == RowStatus.Ok)
        {
            AddDivergence(b);
        }
        else
        {
            var unmeasured = b.Status == RowStatus.Ok ? a : b;
            _unmeasured ??= (unmeasured.Status, unmeasured.Reason);
        }
        if (a.Outcome is not { } hitA || b.Outcome is not { } hitB)
        {
            return;
        }
        _items++;
        _aHits += hitA ? 1 : 0;
        _bHits += hitB ? 1 : 0;
        var nearTie = a.NearTie == true || b.NearTie == true;
        _nearTies += nearTie ? 1 : 0;
        if (hitA && !hitB)
        {
            _lost++;
            _lostClear += nearTie ? 0 : 1;
        }
        if (!hitA && hitB)
        {
            _gained++;
            _gainedClear += nearTie ? 0 : 1;
        }
        _sameTop1 += a.Answer?.Id == b.Answer?.Id ? 1 : 0;
        _margins.Add(b.Margin!.Value - a.Margin!.Value);
        _logProbs.Add(b.ScoredLogProb!.Value - a.ScoredLogProb!.Value);
    }

    /// <summary>
    /// Of a pair of exact rows, whether the weights or the library's arithmetic change the answer: <paramref name="otherwise"/> is b's input in the
    /// latter.
    /// </summary>
    public void AddArithmetic(MeasuredRow a, MeasuredRow b, MeasuredRow otherwise)
    {
        if (a.Answer is not { } theirs || b.Answer is not { } here || !HaveSameInput(a, b))
        {
            return;
        }
        var byWeights = theirs.Id != here.Id;
        var byArithmetic = otherwise.Answer is { } rounded && rounded.Id != here.Id;
        var (weights, arithmetic) = _alone ?? (0, 0);
        _alone = (
            weights + (byWeights && !byArithmetic ? 1 : 0),
            arithmetic + (byArithmetic && !byWeights ? 1 : 0)
        );
    }

    // Between two arms the prefix differs, and nothing else may. A text that is one token here and several there went in differently too; what
    // has no ids on either side, or lacks BOS, is told by its status.
    private static bool HaveSameInput(MeasuredRow a, MeasuredRow b)
    {
        if (a.InputIds is null || b.InputIds is null)
        {
            return (a.InputIds is null) == (b.InputIds is null)
                || (a.Status != RowStatus.NotSingleToken && b.Status != RowStatus.NotSingleToken);
        }
        return a.Arm == b.Arm
            ? a.InputIds.AsSpan().SequenceEqual(b.InputIds)
            : Behind(a).SequenceEqual(Behind(b));

        static ReadOnlySpan<int> Behind(MeasuredRow row) =>
            row.InputIds.AsSpan(row.Prefix is null ? 0 : 1);
    }

    /// <summary>The contrast so far, beside its names and files; the adjusted p-value is filled in where all contrasts of a family are known.</summary>
    public CompareRow Build(CompareRow blank, int seed)
    {
        blank = WithInputs(blank) with
        {
            WeightsAlone = _alone?.Weights,
            ArithmeticAlone = _alone?.Arithmetic,
        };
        return WithDivergence(WithOutcomes(blank, seed), seed);
    }

    private CompareRow WithOutcomes(CompareRow blank, int seed)
    {
        if (_items == 0)
        {
            // Prompts without a single expected token have no outcome, and a divergence all the same.
            var status =
                _divergences.Count > 0 ? blank.Status : _unmeasured?.Status ?? blank.Status;
            var reason =
                blank.Reason
                ?? _unmeasured?.Reason
                ?? "no pair with an outcome was measured on both sides";
            return blank with { Status = status, Reason = reason };
        }
        // An item behind several prefixes gives several pairs, which are not independent: counts and means describe, nothing is inferred.
        // Of a whole vocabulary nothing is inferred either: it is no sample.
        var whole = blank.Set == AllSet.SetName;
        var independent = _prefixes.Count <= 1 && !whole;
        var intervals = independent ? PairedBootstrap.Intervals([_margins, _logProbs], seed) : null;
        var agreement = independent ? Wilson.Interval(_sameTop1, _items) : null;
        return blank with
        {
            Items = _items,
            ARate = (double)_aHits / _items,
            BRate = (double)_bHits / _items,
            Lost = _lost,
            Gained = _gained,
            LostClear = _lostClear,
            GainedClear = _gainedClear,
            McNemarP = independent ? McNemar.PValue(_lost, _gained) : null,
            Top1Agreement = (double)_sameTop1 / _items,
            Top1AgreementLow = agreement?.Low,
            Top1AgreementHigh = agreement?.High,
            MarginDelta = new MeanEstimate(
                _margins.Average(),
                intervals?[0].Low,
                intervals?[0].High
            ),
            LogProbDelta = new MeanEstimate(
                _logProbs.Average(),
                intervals?[1].Low,
                intervals?[1].High
            ),
            NearTies = _nearTies,
            Reason =
                independent || whole
                    ? blank.Reason
                    : Joined(
                        blank.Reason,
                        "several prefixes: pairs are not independent, so nothing is inferred"
                    ),
        };
    }

    private CompareRow WithInputs(CompareRow blank) =>
        _inputsDiffer == 0
            ? blank
            : blank with
            {
                InputsDiffer = _inputsDiffer,
                Flags = [.. blank.Flags.Union([RowFlags.InputsDiffer])],
                Reason = Joined(
                    blank.Reason,
                    $"pairs left out because their input_ids differ: {_inputsDiffer} ({InputDifferences.Between(blank.A.Facts, blank.B.Facts)})"
                ),
            };

    private static string Joined(params string?[] reasons) =>
        string.Join("; ", reasons.OfType<string>());

    private void AddDivergence(MeasuredRow b)
    {
        if (!withDivergence)
        {
            return;
        }
        if (b.ReferenceFileId != referenceFileId)
        {
            _isOtherwiseCompared = true;
            return;
        }
        if (b.Kld is { } divergence)
        {
            _divergences.Add(divergence);
        }
        if (b.ReferenceTop1LogProb is { } there && b.ReferenceTop1LogProbHere is { } here)
        {
            var change = Math.Exp(here) - Math.Exp(there);
            _squares += change * change;
            _compared++;
        }
    }

    private CompareRow WithDivergence(CompareRow row, int seed)
    {
        if (!withDivergence)
        {
            return row;
        }
        if (_divergences.Count == 0)
        {
            // Where nothing was measured on both sides, the reason says so already.
            return row with
            {
                KldItems = 0,
                Reason = _isOtherwiseCompared
                    ? Joined(
                        row.Reason,
                        "divergences were measured from another reference; this one's logits are gone"
                    )
                    : row.Reason,
            };
        }
        double[] sorted = [.. _divergences.Order()];
        var interval =
            _prefixes.Count <= 1 ? PairedBootstrap.Intervals([_divergences], seed)?[0] : null;
        return row with
        {
            KldItems = sorted.Length,
            Kld = new MeanEstimate(sorted.Average(), interval?.Low, interval?.High),
            KldMedian = Quantiles.OfSorted(sorted, 0.5),
            KldP95 = sorted.Length >= LeastForP95 ? Quantiles.OfSorted(sorted, 0.95) : null,
            KldP99 = sorted.Length >= LeastForP99 ? Quantiles.OfSorted(sorted, 0.99) : null,
            KldMax = sorted[^1],
            RefTop1DeltaPRms = _compared == 0 ? null : Math.Sqrt(_squares / _compared),
        };
    }
}
