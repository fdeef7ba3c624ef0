using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>Adds up the cuts of one file, set and arm as their rows come by: one summary row per cut, in the order first seen.</summary>
public sealed class CutSummary
{
    // What is cut off is the same in all of them.
    private readonly OrderedDictionary<(CutKind, int?, int?), Tally> _cuts = [];
    private readonly HashSet<int> _prefixes = [];
    private CutRow? _worst;

    /// <summary>Takes one row into account.</summary>
    public void Add(CutRow row)
    {
        if (_worst is null || row.Status > _worst.Status)
        {
            _worst = row;
        }
        if (row is not { Status: RowStatus.Ok, Cut: { } cut })
        {
            return;
        }
        if (row.Prefix is { } prefix)
        {
            _prefixes.Add(prefix.Id);
        }
        var choice = (cut.Kind, cut.Layer, cut.Head);
        if (!_cuts.TryGetValue(choice, out var tally))
        {
            _cuts.Add(choice, tally = new Tally(cut));
        }
        tally.Add(row);
    }

    /// <summary>The summary rows so far: one without a cut where nothing was measured.</summary>
    public IReadOnlyList<CutSummaryRow> Build()
    {
        if (_worst is not { ItemSet: var set, Arm: var arm })
        {
            return [];
        }
        if (_cuts.Count == 0)
        {
            return
            [
                new CutSummaryRow
                {
                    Set = set,
                    Arm = arm,
                    Status = _worst.Status,
                    Reason = _worst.Reason,
                },
            ];
        }
        var places = Places(isOfHeads: false).Concat(Places(isOfHeads: true)).ToDictionary();
        // `all` is the whole population; an item behind several prefixes is not several independent items.
        var isSampled = set != "all" && _prefixes.Count <= 1;
        return
        [
            .. _cuts.Values.Select(tally => new CutSummaryRow
            {
                Set = set,
                Arm = arm,
                Cut = tally.Cut,
                Measured = tally.Measured,
                Echoes = tally.Echoes,
                EchoInterval = isSampled ? Wilson.Interval(tally.Echoes, tally.Measured) : null,
                MedianMargin = Quantiles.Median(tally.EchoMargins),
                Expecting = tally.Expecting,
                Hits = tally.Hits,
                HitInterval = isSampled ? Wilson.Interval(tally.Hits, tally.Expecting) : null,
                Changed = Changed(tally),
                Decides = PlaceOf(tally)?.Decides,
                Rank = PlaceOf(tally)?.Rank,
                Status = RowStatus.Ok,
            }),
        ];

        (int Decides, int Rank)? PlaceOf(Tally tally) =>
            IsAboutOne(tally) ? places[(tally.Cut.Layer, tally.Cut.Head)] : null;
    }

    private static bool IsAboutOne(Tally tally) => tally.Cut.Kind is CutKind.Only or CutKind.AllBut;

    // Layers, or heads, in the order of what they decide.
    private IEnumerable<KeyValuePair<(int?, int?), (int, int)>> Places(bool isOfHeads) =>
        _cuts
            .Values.Where(tally => IsAboutOne(tally) && tally.Cut.Head is not null == isOfHeads)
            .GroupBy(tally => (tally.Cut.Layer, tally.Cut.Head))
            .OrderByDescending(place => place.Max(Changed))
            .ThenByDescending(place => place.Sum(Changed))
            .ThenByDescending(place => place.Max(Shift))
            .Select(
                (place, index) => KeyValuePair.Create(place.Key, (place.Max(Changed), index + 1))
            );

    private Tally? Baseline(Tally tally) =>
        _cuts.GetValueOrDefault(
            (tally.Cut.Kind == CutKind.AllBut ? CutKind.All : CutKind.None, null, null)
        );

    private int Changed(Tally tally) =>
        Baseline(tally) is { } before
            ? tally.Outcomes.Count(outcome =>
                before.Outcomes.TryGetValue(outcome.Key, out var was) && was != outcome.Value
            )
            : 0;

    private double Shift(Tally tally) =>
        Math.Abs(
            Quantiles.Median(tally.Margins) - Quantiles.Median(Baseline(tally)?.Margins ?? []) ?? 0
        );

    private sealed class Tally(AttentionCut cut)
    {
        public AttentionCut Cut => cut;
        public int Measured { get; private set; }
        public int Echoes { get; private set; }
        public int Expecting { get; private set; }
        public int Hits { get; private set; }
        public List<double> EchoMargins { get; } = [];
        public List<double> Margins { get; } = [];

        /// <summary>By prefix and place in the set.</summary>
        public Dictionary<(int?, int), bool> Outcomes { get; } = [];

        public void Add(CutRow row)
        {
            Measured++;
            Echoes += row.Echo == true ? 1 : 0;
            Expecting += row.Hit is null ? 0 : 1;
            Hits += row.Hit == true ? 1 : 0;
            EchoMargins.Add(row.EchoMargin!.Value);
            if (row is { Outcome: { } outcome, Margin: { } margin })
            {
                Margins.Add(margin);
                Outcomes[(row.Prefix?.Id, row.Index)] = outcome;
            }
        }
    }
}
