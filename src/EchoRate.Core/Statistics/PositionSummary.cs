using System.Numerics;
using EchoRate.Core.Arms;
using EchoRate.Core.Models;
using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>Counts the rows of one file under one prefix by their distance from the beginning of the window, as they come by.</summary>
public sealed class PositionSummary(FileRecord file, int window)
{
    /// <summary>Tokens at the beginning of a window that <see cref="PositionPart.Later"/> leaves out.</summary>
    public const int Skipped = 16;

    private readonly SortedDictionary<int, Count> _bins = [];
    private readonly Count _all = new();
    private readonly Count _later = new();
    private readonly LlamaPerplexity _llama = new(file.Facts, window);
    private PositionRow? _first;
    private int _last;

    /// <summary>Counts a row; rows come in the order of the text.</summary>
    public void Add(PositionRow row)
    {
        _first ??= row;
        if (row.Position is not { } position)
        {
            return;
        }
        var token = position + 1;
        _last = Math.Max(_last, token);
        var bin = FirstOfBin(token);
        if (!_bins.TryGetValue(bin, out var count))
        {
            _bins[bin] = count = new Count();
        }
        count.Add(row);
        _all.Add(row);
        if (token > Skipped)
        {
            _later.Add(row);
        }
        _llama.Add(row);
    }

    /// <summary>The rows of the summary: the bins, then all, then all but the first tokens where there are more.</summary>
    public IEnumerable<PositionSummaryRow> Rows()
    {
        foreach (var (first, count) in _bins)
        {
            yield return Row(PositionPart.Bin, first, Math.Min(_last, LastOfBin(first)), count);
        }
        yield return Row(PositionPart.All, 1, _last, _all) with
        {
            LlamaPerplexity = _llama.Value,
        };
        if (_later.Positions > 0)
        {
            yield return Row(PositionPart.Later, Skipped + 1, _last, _later);
        }
    }

    // Bins, tokens counted from 1: 1, 2, 3, 4, 5–8, 9–16, 17–32 …
    private static int FirstOfBin(int token) =>
        token <= 4 ? token : (int)BitOperations.RoundUpToPowerOf2((uint)token) / 2 + 1;

    private static int LastOfBin(int first) => first <= 4 ? first : (first - 1) * 2;

    private PositionSummaryRow Row(PositionPart part, int first, int last, Count count) =>
        new()
        {
            File = file,
            Arm = _first!.Arm,
            Prefix = _first.Prefix,
            Part = part,
            FirstToken = first,
            LastToken = last,
            Positions = count.Positions,
            Measured = count.Measured,
            Echoes = count.Echoes,
            MeanMargin = count.Measured == 0 ? null : count.Margins / count.Measured,
            Followed = count.Followed,
            Perplexity = count.Followed == 0 ? null : Math.Exp(-count.LogProbs / count.Followed),
            Status = _all.Measured > 0 ? RowStatus.Ok : _first.Status,
            Reason = _all.Measured > 0 ? null : _first.Reason,
        };

    private sealed class Count
    {
        public long Positions { get; private set; }
        public long Measured { get; private set; }
        public long Echoes { get; private set; }
        public double Margins { get; private set; }
        public long Followed { get; private set; }
        public double LogProbs { get; private set; }

        public void Add(PositionRow row)
        {
            Positions++;
            if (row is { Echo: { } echo, EchoMargin: { } margin })
            {
                Measured++;
                Echoes += echo ? 1 : 0;
                Margins += margin;
            }
            if (row.NextLogProb is { } logProb)
            {
                Followed++;
                LogProbs += logProb;
            }
        }
    }
}

/// <summary>
/// The figure of llama.cpp's llama-perplexity (tools/perplexity/perplexity.cpp), n_ctx a window's tokens. Its text begins with BOS where the
/// tokenizer adds one, and is cut into chunks of n_ctx; a shorter end is left out, and a text below two chunks has no figure. BOS takes the place of every
/// chunk's first token. Scored is what the tokens from n_ctx ÷ 2 on give the next one. So a chunk is one of our windows: with BOS in front it
/// lacks the window's last token, without one it is the same.
/// </summary>
internal sealed class LlamaPerplexity(ModelFacts facts, int window)
{
    private readonly int _bos = facts.BosKind == BosKind.Native ? 1 : 0;
    private readonly string _arm = (facts.BosKind == BosKind.Native ? Arm.With : Arm.Without).Name;
    private long _tokens;
    private long _count;
    private double _logProbs;
    private (long Count, double LogProbs) _chunk;
    private bool _isOther;

    /// <summary>The figure; null where the rows are of another condition, too few, or not all measured.</summary>
    public double? Value =>
        _isOther || _count == 0 || _tokens + _bos < 2L * window
            ? null
            : Math.Exp(-_logProbs / _count);

    public void Add(PositionRow row)
    {
        _tokens++;
        var place = row.Position!.Value + _bos;
        if (place == _bos)
        {
            _chunk = default;
        }
        if (place >= window / 2 && place <= window - 2 && row.Next is not null)
        {
            _isOther |= row.NextLogProb is null;
            _chunk = (_chunk.Count + 1, _chunk.LogProbs + row.NextLogProb.GetValueOrDefault());
        }
        // The chunk's last token is there.
        if (place == window - 1)
        {
            (_count, _logProbs) = (_count + _chunk.Count, _logProbs + _chunk.LogProbs);
        }
        _isOther |= row.Arm != _arm;
    }
}
