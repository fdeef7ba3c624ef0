using System.Xml.Linq;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>Whether there are attention sinks, and how often words echo with and without one: a sentence, a table, charts.</summary>
/// <param name="files">The files' names, and what was seen of each.</param>
public sealed class SinkTable(IReadOnlyList<(string Name, SinkSummary Seen)> files)
{
    /// <summary>Sentences and a table; empty where nothing tells a sink from what is none.</summary>
    public string Render(TableStyle style)
    {
        var sets = Sets();
        if (sets.Count == 0)
        {
            return "";
        }
        return string.Concat(
            sets.Select(set =>
            {
                var table = new PipeTable(
                    ["Arm", "Sink", "Echo", "First residual", "Times usual", "Attention to it"],
                    leading: 2,
                    right: [2, 3, 4, 5]
                );
                foreach (var row in set.Rows)
                {
                    table.Add([row.Arm, .. Cells(row).Select(cell => new TableCell(cell))]);
                }
                return $"\n{Sentence(set)}\n\n{table.Render(style)}";
            })
        );
    }

    /// <summary>The same for a report, with charts: echo rate against the strength of each prefix, residuals by layer.</summary>
    public IReadOnlyList<ReportSection> Sections()
    {
        var sets = Sets();
        return sets.Count == 0
            ? []
            :
            [
                new ReportSection(
                    "Attention sinks",
                    [
                        new Words(
                            PageText.Of(
                                $"A sink is a token whose largest residual after the middle layer is at least {SinkSummary.Times:F0} times what is usual: the median of tokens that stand behind another. That a sink and an echo go together, or do not, is no cause yet; what is, echorate cut tells."
                            )
                        ),
                        new Lines([.. sets.Select(Sentence)]),
                        .. sets.Select(set =>
                            Charts(set) is { Count: > 0 } charts
                                ? (ReportBlock)new Figures(charts, Table(set))
                                : Table(set)
                        ),
                    ]
                ),
            ];
    }

    private List<SinksOfSet> Sets() =>
        [
            .. from file in files
            from set in file.Seen.Rows().GroupBy(row => row.Set)
            where set.Any(row => row.Sink is not null)
            select new SinksOfSet($"{file.Name}, {set.Key}", file.Seen, [.. set]),
        ];

    private static string Sentence(SinksOfSet set)
    {
        List<SinkRow> Of(SinkPlace place) => set.Rows.FindAll(row => row.Sink == place);
        var (none, front, self) = (Of(SinkPlace.None), Of(SinkPlace.Front), Of(SinkPlace.Self));
        if (front.Count + self.Count == 0)
        {
            return $"{set.Name}: neither first tokens nor those that were looked at are attention sinks. {Echoes(none)} echo.";
        }
        // BOS first, as far as it is one.
        var sink = front.Find(row => row.Arm == Arm.With.Name) ?? front.FirstOrDefault() ?? self[0];
        var inAll = set.Rows.Where(row => row.Arm == sink.Arm).Sum(row => row.Measured);
        var rows = PageText.Of(
            $"{sink.Measured:N0} of {inAll:N0} tokens {PageText.Condition(sink.Arm)}"
        );
        var what =
            sink.Sink == SinkPlace.Self
                ? PageText.Of(
                    $"{rows} are attention sinks themselves: their residual is {sink.ResidualMax:N0}"
                )
                : PageText.Of(
                    $"{rows} stand behind a first one that is an attention sink: its residual is {sink.FirstResidualMax:N0}"
                );
        var from = sink.FromLayer is { } layer ? PageText.Of($", from layer {layer} on") : "";
        var attention =
            sink.Sink == SinkPlace.Front && sink.FirstAttention is { } given
                ? PageText.Of(
                    $", and they give it {given:P0} of their attention ({sink.SinkHeads:P0} of heads more than 0.3)"
                )
                : "";
        string[] counts =
        [
            self.Count == 0 ? "" : $"{Echoes(self)} where the token itself is a sink",
            front.Count == 0 ? "" : $"{Echoes(front)} behind a first token that is one",
            none.Count == 0 ? "" : $"{Echoes(none)} with neither",
        ];
        return PageText.Of(
            $"{set.Name}: {what}, {sink.Times:F1} times what is usual{from}{attention}. Echoes: {string.Join(", ", counts.Where(part => part.Length > 0))}."
        );
    }

    private static string Echoes(List<SinkRow> rows) =>
        PageText.Of($"{rows.Sum(row => row.Echoes)}/{rows.Sum(row => row.Measured)}");

    // What a row says of its sink: its place, echoes, residual, how many times the usual, attention.
    private static string[] Cells(SinkRow row) =>
        [
            row.Sink is { } place ? EnumWords.Of(place) : "",
            Echoes([row]),
            PageText.Of(row.FirstResidualMax, row.FirstResidualMax < 10 ? "G2" : "N0"),
            PageText.Of(row.Times, "F1"),
            PageText.Of(row.FirstAttention, "P0"),
        ];

    private static DataTable Table(SinksOfSet set) =>
        new(
            set.Name,
            [
                "Condition",
                "Sink",
                DataColumn.Number("Echoes"),
                DataColumn.Number("Residual of the first token"),
                DataColumn.Number("Times usual"),
                DataColumn.Number("Attention to it"),
                DataColumn.Number("Rate, 95 % interval"),
            ],
            [
                .. set.Rows.Select(row =>
                    (DataCell[])
                        [
                            PageText.Condition(row.Arm),
                            .. Cells(row).Select(cell => (DataCell)cell),
                            row.Interval is { } ends
                                ? PageText.Of($"{row.Rate:P1} ({ends.Low:P1} to {ends.High:P1})")
                                : PageText.Of($"{row.Rate:P1}"),
                        ]
                ),
            ]
        );

    private static List<XElement> Charts(SinksOfSet set)
    {
        var charts = new List<XElement>();
        var name = set.Rows[0].Set;
        var prefixes = set.Seen.Prefixes().Where(point => point.Set == name).ToList();
        if (prefixes.Count > 0)
        {
            charts.Add(ByStrength(set.Name, prefixes));
        }
        var layers = set.Seen.Layers().Where(point => point.Set == name).ToList();
        foreach (var arm in layers.GroupBy(point => point.Arm))
        {
            charts.Add(
                ByLayer($"{PageText.Condition(arm.Key)}: {set.Name}", [.. arm], AxisOf(layers))
            );
        }
        return charts;
    }

    private static XElement ByStrength(string name, List<SinkSummary.Point> prefixes)
    {
        var plot = new Plot(
            $"Echo rate by the residual of what stands in front: {name}",
            $"A point for each of {prefixes.Count(point => point.Prefix is not null)} prefixes, and one for nothing in front; the further right, the larger the first token's residual.",
            ["a prefix", "nothing in front"],
            Axis.Powers(
                "largest residual of the first token",
                [.. prefixes.Select(point => point.FirstResidualMax)]
            ),
            Axis.Rate("echo rate"),
            150
        );
        foreach (var point in prefixes)
        {
            var says = point.Prefix is null
                ? "nothing in front"
                : PieceNotation.Format(point.Prefix.Bytes);
            plot.Mark(
                point.Prefix is null ? 1 : 0,
                point.FirstResidualMax,
                point.Rate,
                null,
                PageText.Of($"{says}: {point.FirstResidualMax:N0}, {point.Rate:P0} echo")
            );
        }
        return plot.Svg;
    }

    // One for all conditions, so that they can be held against each other.
    private static Axis AxisOf(List<SinkSummary.LayerPoint> layers) =>
        Axis.Powers(
            "",
            [
                .. layers.Select(point => point.ResidualMax),
                .. layers.Select(point => point.FirstResidualMax).OfType<double>(),
            ]
        );

    private static XElement ByLayer(string name, List<SinkSummary.LayerPoint> layers, Axis y)
    {
        var points = (
            from series in (int[])[0, 1]
            from point in layers
            let value = series == 0 ? point.ResidualMax : point.FirstResidualMax
            where value is not null
            select (Series: series, point.Layer, Value: value.Value)
        ).ToList();
        string[] names = points.Exists(point => point.Series == 1)
            ? ["the token", "the first token"]
            : ["the token, which is the first"];
        string Says((int Series, int Layer, double Value) point) =>
            PageText.Of($"{names[point.Series]}, layer {point.Layer}: {point.Value:N0}");
        var plot = new Plot(
            $"Largest residual by layer, median, {name}",
            string.Join("; ", points.Select(Says)),
            names,
            Axis.Counted("layer", layers[0].Layer, layers[^1].Layer),
            y,
            150
        );
        foreach (var line in points.GroupBy(point => point.Series))
        {
            plot.Path(line.Key, line.Select(point => ((double)point.Layer, point.Value)));
            foreach (var point in line)
            {
                plot.Mark(line.Key, point.Layer, point.Value, null, Says(point));
            }
        }
        return plot.Svg;
    }

    private sealed record SinksOfSet(string Name, SinkSummary Seen, List<SinkRow> Rows);
}
