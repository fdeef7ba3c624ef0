using System.Xml.Linq;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Looks;

/// <summary>What was seen of attention sinks in one file.</summary>
/// <param name="Name">The file's name.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Rows">What that adds up to.</param>
public sealed record SinksOfFile(string Name, SinkSummary Seen, IReadOnlyList<SinkRow> Rows);

/// <summary>Whether there are attention sinks, and how often words echo with and without one: a sentence, a table, charts.</summary>
public static class SinkSection
{
    /// <summary>Sentences, tables, and charts: echo rate against the strength of each prefix, residuals by layer; null where nothing tells a sink from what is none.</summary>
    public static ReportSection? Of(IEnumerable<SinksOfFile> files)
    {
        List<SinksOfSet> sets =
        [
            .. from file in files
            from set in file.Rows.GroupBy(row => row.Set)
            where set.Any(row => row.Sink is not null)
            select new SinksOfSet($"{file.Name}, {set.Key}", file.Seen, [.. set]),
        ];
        return sets.Count == 0
            ? null
            : new ReportSection(
                "Attention sinks",
                [
                    new Words(
                        $"A sink is a token whose largest residual after the middle layer is at least {SinkSummary.Times:F0} times what is usual: the median of tokens that stand behind another. That a sink and an echo go together, or do not, is no cause yet; what is, echorate cut tells."
                    ),
                    new Lines([.. sets.Select(Sentence)]),
                    .. sets.Select(set => new Figures(Charts(set), Table(set))),
                ]
            );
    }

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
        var rows = $"{sink.Measured:N0} of {inAll:N0} tokens {PageText.Condition(sink.Arm)}";
        var what =
            sink.Sink == SinkPlace.Self
                ? $"{rows} are attention sinks themselves: their residual is {sink.ResidualMax:N0}"
                : $"{rows} stand behind a first one that is an attention sink: its residual is {sink.FirstResidualMax:N0}";
        var from = sink.FromLayer is { } layer ? $", from layer {layer} on" : "";
        var attention =
            sink.Sink == SinkPlace.Front && sink.FirstAttention is { } given
                ? $", and they give it {given:P0} of their attention ({sink.SinkHeads:P0} of heads more than 0.3)"
                : "";
        string[] counts =
        [
            self.Count == 0 ? "" : $"{Echoes(self)} where the token itself is a sink",
            front.Count == 0 ? "" : $"{Echoes(front)} behind a first token that is one",
            none.Count == 0 ? "" : $"{Echoes(none)} with neither",
        ];
        return $"{set.Name}: {what}, {sink.Times:F1} times what is usual{from}{attention}. Echoes: {string.Join(", ", counts.Where(part => part.Length > 0))}.";
    }

    private static string Echoes(List<SinkRow> rows) =>
        $"{rows.Sum(row => row.Echoes)}/{rows.Sum(row => row.Measured)}";

    private static DataTable Table(SinksOfSet set) =>
        DataTable.Of(
            set.Name,
            set.Rows,
            [
                ("Condition", row => PageText.Condition(row.Arm)),
                ("Sink", row => row.Sink is { } place ? EnumWords.Of(place) : ""),
                (Number("Echoes"), row => Echoes([row])),
                (
                    Number("Residual of the first token"),
                    row =>
                        PageText.Of(row.FirstResidualMax, row.FirstResidualMax < 10 ? "G2" : "N0")
                ),
                (Number("Times usual"), row => PageText.Of(row.Times, "F1")),
                (Number("Attention to it"), row => PageText.Of(row.FirstAttention, "P0")),
                (
                    Number("Rate, 95 % interval"),
                    row =>
                        row.Interval is { } ends
                            ? $"{row.Rate:P1} ({ends.Low:P1} to {ends.High:P1})"
                            : $"{row.Rate:P1}"
                ),
            ]
        ) with
        {
            Leading = 2,
        };

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
                new PlotPoint(
                    point.Prefix is null ? 1 : 0,
                    point.FirstResidualMax,
                    point.Rate,
                    $"{says}: {point.FirstResidualMax:N0}, {point.Rate:P0} echo"
                )
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
        PlotPoint Of(int series, SinkSummary.LayerPoint at, double value) =>
            new(series, at.Layer, value, $"layer {at.Layer}: {value:N0}");
        List<PlotPoint> points =
        [
            .. layers.Select(at => Of(0, at, at.ResidualMax)),
            .. layers
                .Where(at => at.FirstResidualMax is not null)
                .Select(at => Of(1, at, at.FirstResidualMax!.Value)),
        ];
        return Plot.Lines(
            $"Largest residual by layer, median, {name}",
            points.Count > layers.Count
                ? ["the token", "the first token"]
                : ["the token, which is the first"],
            Axis.Counted("layer", layers[0].Layer, layers[^1].Layer),
            y,
            points
        ).Svg;
    }

    private sealed record SinksOfSet(string Name, SinkSummary Seen, List<SinkRow> Rows);
}
