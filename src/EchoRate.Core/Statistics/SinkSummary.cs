using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Whether first tokens are attention sinks, and what becomes of the echo with and without one: the rows of one file, counted as they come by. Cuts do
/// not count.
/// </summary>
/// <param name="file">The file.</param>
public sealed class SinkSummary(FileRecord file)
{
    /// <summary>
    /// How many times a sink's largest residual is that of a token that stands behind another. On real models sinks had 9 times and more, other first
    /// tokens about 3 at most (Gemma 3 270M, Qwen2.5 0.5B, SmolLM2 135M).
    /// </summary>
    public const double Times = 5;

    private readonly List<Seen> _seen = [];
    private readonly Dictionary<(string? Set, string Arm, int Layer), Layer> _layers = [];
    private readonly List<LensRow> _item = [];

    /// <summary>A prefix's strength as a sink, and the echoes behind it.</summary>
    /// <param name="Set">The set.</param>
    /// <param name="Prefix">What stands in front; null for nothing.</param>
    /// <param name="FirstResidualMax">Median of the first token's largest residual.</param>
    /// <param name="Rate">Echo rate.</param>
    public readonly record struct Point(
        string? Set,
        TokenBytes? Prefix,
        double FirstResidualMax,
        double Rate
    );

    /// <summary>What was looked at by layers: medians over the items of a set under an arm.</summary>
    /// <param name="Set">The set.</param>
    /// <param name="Arm">The condition.</param>
    /// <param name="Layer">The layer.</param>
    /// <param name="ResidualMax">Of the row's token.</param>
    /// <param name="FirstResidualMax">Of the first token; null where the row's is the first.</param>
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
            AddWhole(row, row.FirstAttention, row.SinkHeads, row);
        }
    }

    /// <summary>A row for each set, arm and place of the sink that occurs.</summary>
    public IReadOnlyList<SinkRow> Rows() =>
        [
            .. from set in _seen.GroupBy(seen => seen.Set)
            let usual = UsualOf(set)
            from arm in set.GroupBy(seen => seen.Arm)
            from kind in arm.GroupBy(seen => PlaceOf(seen, usual)).OrderBy(kind => kind.Key)
            select RowOf(kind.Key, [.. kind], usual),
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
                Median(prefix.Select(seen => seen.First)),
                prefix.Average(seen => seen.IsEcho ? 1.0 : 0)
            ),
        ];

    /// <summary>Medians by layer, in order; empty where layers were not looked at.</summary>
    public IReadOnlyList<LayerPoint> Layers() =>
        [
            .. from layer in _layers
            orderby layer.Key.Layer
            select new LayerPoint(
                layer.Key.Set,
                layer.Key.Arm,
                layer.Key.Layer,
                Median(layer.Value.Own),
                layer.Value.First.Count == 0 ? null : Median(layer.Value.First)
            ),
        ];

    private void AddLayer(LensRow row)
    {
        if (row.Layer is not { } layer || row.ResidualMax is not { } own)
        {
            return;
        }
        if (layer < 0)
        {
            _item.Clear();
        }
        _item.Add(row);
        var key = (row.Set, row.Arm, layer);
        if (!_layers.TryGetValue(key, out var medians))
        {
            _layers[key] = medians = new Layer([], []);
        }
        medians.Own.Add(own);
        if (!row.IsFirst && row.FirstResidualMax is { } first)
        {
            medians.First.Add(first);
        }
        var last = (file.Facts.Layers ?? 0) - 1;
        if (layer == last && _item.Count == last + 2)
        {
            AddWhole(
                _item[1 + SinkFigures.MiddleOf(last + 1)],
                _item.Average(one => one.FirstAttention),
                _item.Average(one => one.SinkHeads),
                answer: row
            );
        }
    }

    private void AddWhole(LookRow middle, double? attention, double? heads, LookRow answer)
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
            );
        }
    }

    private SinkRow RowOf(SinkPlace? place, IReadOnlyList<Seen> rows, double? usual)
    {
        var first = Median(rows.Select(row => row.First));
        return new SinkRow
        {
            File = file,
            Set = rows[0].Set,
            Arm = rows[0].Arm,
            Sink = place,
            Measured = rows.Count,
            Echoes = rows.Count(row => row.IsEcho),
            Interval = IntervalOf(rows),
            ResidualMax = Median(rows.Select(row => row.Own)),
            FirstResidualMax = first,
            Times = first / usual,
            FirstAttention = rows.Average(row => row.Attention),
            SinkHeads = rows.Average(row => row.Heads),
            FromLayer = place is SinkPlace.None or null ? null : FromLayer(rows[0], place.Value),
        };
    }

    // What a token has that stands behind another.
    private static double? UsualOf(IEnumerable<Seen> set)
    {
        var behind = set.Where(seen => !seen.IsFirst).Select(seen => seen.Own).ToList();
        return behind.Count == 0 ? null : Median(behind);
    }

    private static SinkPlace? PlaceOf(Seen seen, double? usual) =>
        usual is not { } own ? null
        : seen.Own >= Times * own ? SinkPlace.Self
        : !seen.IsFirst && seen.First >= Times * own ? SinkPlace.Front
        : SinkPlace.None;

    private static (double Low, double High)? IntervalOf(IReadOnlyList<Seen> rows)
    {
        var prefixes = rows.GroupBy(row => row.Prefix)
            .Select(prefix => prefix.Average(row => row.IsEcho ? 1.0 : 0))
            .ToList();
        return prefixes.Count == 1
            ? Wilson.Interval(rows.Count(row => row.IsEcho), rows.Count)
            : PairedBootstrap.Intervals([prefixes], seed: 0)?[0];
    }

    private int? FromLayer(Seen like, SinkPlace place)
    {
        int? from = null;
        var arms = _seen.Select(seen => seen.Arm).Distinct().ToList();
        for (
            var layer = SinkFigures.MiddleOf(file.Facts.Layers ?? 0);
            layer >= -1 && IsSink(layer);
            layer--
        )
        {
            from = layer;
        }
        return from;

        bool IsSink(int layer)
        {
            if (!_layers.TryGetValue((like.Set, like.Arm, layer), out var here))
            {
                return false;
            }
            var usual = arms.Select(arm => _layers.GetValueOrDefault((like.Set, arm, layer)))
                .OfType<Layer>()
                .Where(one => one.First.Count > 0)
                .SelectMany(one => one.Own)
                .ToList();
            var sink = place == SinkPlace.Self ? here.Own : here.First;
            return sink.Count > 0 && usual.Count > 0 && Median(sink) >= Times * Median(usual);
        }
    }

    private static double Median(IEnumerable<double> values) =>
        Quantiles.OfSorted([.. values.Order()], 0.5);

    private readonly record struct Seen(
        string? Set,
        string Arm,
        TokenBytes? Prefix,
        bool IsFirst,
        double Own,
        double First,
        double? Attention,
        double? Heads,
        bool IsEcho
    );

    // Of rows whose token is the first, there is no other first.
    private sealed record Layer(List<double> Own, List<double> First);
}
