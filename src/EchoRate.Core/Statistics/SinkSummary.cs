using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Whether first tokens are attention sinks, and what becomes of the echo with and without one: the rows of one file, counted as they come by. Cuts do
/// not count.
/// </summary>
public sealed class SinkSummary(FileRecord file)
{
    /// <summary>
    /// How many times a sink's largest residual is that of a token that stands behind another. On real models sinks had 9 times and more, other first
    /// tokens about 3 at most (Gemma 3 270M, Qwen2.5 0.5B, SmolLM2 135M).
    /// </summary>
    public const double Times = 5;

    private readonly List<Seen> _seen = [];
    private readonly List<LensRow> _item = [];

    /// <summary>A prefix's strength as a sink, the median of the first token's largest residual, and the echo rate behind it; null for nothing in front.</summary>
    public readonly record struct Point(
        string? Set,
        TokenBytes? Prefix,
        double FirstResidualMax,
        double Rate
    );

    /// <summary>
    /// What was looked at by layers: medians over the items of a set under an arm, of the row's token and of the first one; null where the row's is
    /// the first.
    /// </summary>
    public readonly record struct LayerPoint(
        string? Set,
        string Arm,
        int Layer,
        double ResidualMax,
        double? FirstResidualMax
    );

    /// <summary>Counts a row. The layers of an item come one after another.</summary>
    public void Add(LookRow row)
    {
        if (row is LensRow lens)
        {
            AddLayer(lens);
        }
        else if (row is not CutRow { Cut.Kind: not CutKind.None })
        {
            AddWhole(row, row.FirstAttention, row.SinkHeads, row, []);
        }
    }

    /// <summary>A row for each set, arm and place of the sink that occurs.</summary>
    public IReadOnlyList<SinkRow> Rows() =>
        [
            .. from set in _seen.GroupBy(seen => seen.Set)
            let behind = set.Where(seen => !seen.IsFirst).ToList()
            let usual = MedianOf(behind, seen => seen.Own)
            from arm in set.GroupBy(seen => seen.Arm)
            from kind in arm.GroupBy(seen => PlaceOf(seen, usual)).OrderBy(kind => kind.Key)
            select RowOf(kind.Key, [.. kind], behind, usual),
        ];

    /// <summary>Where several tokens stood in front: each, and nothing.</summary>
    public IReadOnlyList<Point> Prefixes() =>
        [
            .. from set in _seen.GroupBy(seen => seen.Set)
            let prefixes = set.GroupBy(seen => seen.Prefix).ToList()
            where prefixes.Count > 2
            from prefix in prefixes
            select new Point(
                set.Key,
                prefix.Key,
                MedianOf(prefix, seen => seen.First)!.Value,
                prefix.Average(seen => seen.IsEcho ? 1.0 : 0)
            ),
        ];

    /// <summary>Medians by layer, in order; empty where layers were not looked at.</summary>
    public IReadOnlyList<LayerPoint> Layers() =>
        [
            .. from rows in _seen
                .Where(seen => seen.Layers.Length > 0)
                .GroupBy(seen => (seen.Set, seen.Arm))
            let behind = rows.Where(seen => !seen.IsFirst).ToList()
            from at in Enumerable.Range(0, rows.First().Layers.Length)
            let own = MedianOf(rows, seen => seen.Layers[at].Own)
            where own is not null
            select new LayerPoint(
                rows.Key.Set,
                rows.Key.Arm,
                at - 1,
                own.Value,
                MedianOf(behind, seen => seen.Layers[at].First)
            ),
        ];

    private void AddLayer(LensRow row)
    {
        if (row.Layer is not { } layer)
        {
            return;
        }
        if (layer < 0)
        {
            _item.Clear();
        }
        _item.Add(row);
        var last = (file.Facts.Layers ?? 0) - 1;
        if (layer == last && _item.Count == last + 2)
        {
            AddWhole(
                _item[1 + SinkFigures.MiddleOf(last + 1)],
                _item.Average(one => one.FirstAttention),
                _item.Average(one => one.SinkHeads),
                answer: row,
                [.. _item.Select(one => (one.ResidualMax, one.FirstResidualMax))]
            );
        }
    }

    private void AddWhole(
        LookRow middle,
        double? attention,
        double? heads,
        LookRow answer,
        (double? Own, double? First)[] layers
    )
    {
        if (
            middle is { ResidualMax: { } own, FirstResidualMax: { } first }
            && answer.Echo is { } echo
        )
        {
            _seen.Add(
                new Seen(
                    middle.Set,
                    middle.Arm,
                    middle.Prefix,
                    middle.IsFirst,
                    own,
                    first,
                    attention,
                    heads,
                    echo
                )
                {
                    Layers = layers,
                    // Tokens of one text depend on each other, and of all there are nothing is inferred.
                    IsSample = middle is not PositionRow && middle.Set != "all",
                }
            );
        }
    }

    private SinkRow RowOf(
        SinkPlace? place,
        IReadOnlyList<Seen> rows,
        IReadOnlyList<Seen> behind,
        double? usual
    )
    {
        var own = MedianOf(rows, row => row.Own)!.Value;
        var first = MedianOf(rows, row => row.First)!.Value;
        return new SinkRow
        {
            File = file,
            Set = rows[0].Set,
            Arm = rows[0].Arm,
            Sink = place,
            Measured = rows.Count,
            Echoes = rows.Count(row => row.IsEcho),
            Interval = IntervalOf(rows),
            ResidualMax = own,
            FirstResidualMax = first,
            Times = (place == SinkPlace.Self ? own : first) / usual,
            FirstAttention = rows.Average(row => row.Attention),
            SinkHeads = rows.Average(row => row.Heads),
            FromLayer = place is SinkPlace.Front or SinkPlace.Self
                ? FromLayer(place.Value, rows, behind)
                : null,
        };
    }

    private static SinkPlace? PlaceOf(Seen seen, double? usual) =>
        usual is not { } own ? null
        : seen.Own >= Times * own ? SinkPlace.Self
        : !seen.IsFirst && seen.First >= Times * own ? SinkPlace.Front
        : SinkPlace.None;

    private static (double Low, double High)? IntervalOf(IReadOnlyList<Seen> rows)
    {
        if (!rows[0].IsSample)
        {
            return null;
        }
        var prefixes = rows.GroupBy(row => row.Prefix).ToList();
        var echoes = rows.Count(row => row.IsEcho);
        if (prefixes.Count == 1)
        {
            return Wilson.Interval(echoes, rows.Count);
        }
        if (prefixes.Count < PairedBootstrap.LeastItems)
        {
            return null;
        }
        // Where all are alike a bootstrap would be certain: each prefix is one trial then.
        if (echoes == 0 || echoes == rows.Count)
        {
            return Wilson.Interval(echoes == 0 ? 0 : prefixes.Count, prefixes.Count);
        }
        // Each prefix counts by its rows, so that the mean is the rate.
        var scale = (double)prefixes.Count / rows.Count;
        var (low, high) = PairedBootstrap
            .Intervals(
                [
                    [.. prefixes.Select(prefix => prefix.Count(row => row.IsEcho) * scale)],
                ],
                seed: 0
            )!
            .Single();
        return (Math.Min(low, 1), Math.Min(high, 1));
    }

    private static int? FromLayer(
        SinkPlace place,
        IReadOnlyList<Seen> rows,
        IReadOnlyList<Seen> behind
    )
    {
        int? from = null;
        var count = rows[0].Layers.Length - 1;
        for (var at = SinkFigures.MiddleOf(count) + 1; count > 0 && at >= 0; at--)
        {
            var sink = MedianOf(
                rows,
                row => place == SinkPlace.Self ? row.Layers[at].Own : row.Layers[at].First
            );
            if (sink is null || !(sink >= Times * MedianOf(behind, row => row.Layers[at].Own)))
            {
                break;
            }
            from = at - 1;
        }
        return from;
    }

    // Of those that have a value; null where none has.
    private static double? MedianOf(IEnumerable<Seen> rows, Func<Seen, double?> of) =>
        Quantiles.Median(rows.Select(of).OfType<double>());

    private sealed record Seen(
        string? Set,
        string Arm,
        TokenBytes? Prefix,
        bool IsFirst,
        double Own,
        double First,
        double? Attention,
        double? Heads,
        bool IsEcho
    )
    {
        // Largest residuals after the input embedding and each layer; empty where layers were not looked at.
        public (double? Own, double? First)[] Layers { get; init; } = [];

        public bool IsSample { get; init; }
    }
}
