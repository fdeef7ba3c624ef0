using System.Xml.Linq;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Page;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Looks;

/// <summary>What a lens saw of one file: layer × arm, how many items the model would give back if it ended there, and by what margin.</summary>
public sealed class LensLayers
{
    private readonly OrderedDictionary<(string Arm, int Layer), Count> _counts = [];

    /// <summary>Counts a row.</summary>
    public void Add(LensRow row)
    {
        if (row is not { Layer: { } layer, Echo: { } echo, EchoMargin: { } margin })
        {
            return;
        }
        if (!_counts.TryGetValue((row.Arm, layer), out var count))
        {
            _counts.Add((row.Arm, layer), count = new Count());
        }
        count.Echoes += echo ? 1 : 0;
        count.Margins.Add(margin);
    }

    /// <summary>Charts and a table for each file; null where nothing was measured.</summary>
    /// <param name="files">What was seen, with the files' names.</param>
    public static ReportSection? Section(IEnumerable<(string Name, LensLayers Seen)> files)
    {
        var seen = files.Where(file => file.Seen._counts.Count > 0).ToList();
        return seen.Count == 0
            ? null
            : new ReportSection(
                "In which layer",
                [
                    new Words(
                        "What every layer leaves, decoded by the model's own final norm and head; layer -1 is the input embedding. A word that does not come out of a middle layer is not lost: it lies where the head does not look."
                    ),
                    .. seen.Select(file => file.Seen.Figures(file.Name)),
                ]
            );
    }

    private Figures Figures(string file)
    {
        var arms = _counts.Keys.Select(key => key.Arm).Distinct().ToList();
        List<Point> points =
        [
            .. _counts
                .Select(one => new Point(one.Key.Arm, one.Key.Layer, one.Value))
                .OrderBy(point => point.Layer),
        ];
        return new Figures(
            [
                Chart(
                    $"Echoes by layer: {file}",
                    Axis.Rate("echo rate"),
                    point => point.Rate,
                    point => $"{point.Fraction} echo"
                ),
                Chart(
                    $"Median echo margin by layer, nat: {file}",
                    Axis.Around([.. points.Select(point => point.Median)]),
                    point => point.Median,
                    point => $"{point.Median:F2} nat"
                ),
            ],
            DataTable.Of(
                file,
                points.GroupBy(point => point.Layer),
                [
                    (Number("Layer"), layer => PageText.Of((double)layer.Key, "F0")),
                    .. arms.SelectMany(ColumnsOf),
                ]
            )
        );

        XElement Chart(string title, Axis y, Func<Point, double> value, Func<Point, string> says) =>
            Plot.Lines(
                title,
                [.. arms.Select(PageText.Condition)],
                Axis.Counted("layer", -1, points[^1].Layer),
                y,
                [
                    .. points.Select(point => new PlotPoint(
                        arms.IndexOf(point.Arm),
                        point.Layer,
                        value(point),
                        $"layer {point.Layer}: {says(point)}"
                    )),
                ]
            ).Svg;
    }

    private static IEnumerable<(DataColumn, Func<IGrouping<int, Point>, DataCell>)> ColumnsOf(
        string arm
    )
    {
        var name = PageText.Condition(arm);
        yield return (Number($"Echoes, {name}"), layer => Of(layer)?.Fraction);
        yield return (
            Number($"Median margin, {name}, nat"),
            layer => PageText.Of(Of(layer)?.Median, "F2")
        );

        Point? Of(IEnumerable<Point> layer) => layer.FirstOrDefault(point => point.Arm == arm);
    }

    private sealed class Count
    {
        public int Echoes { get; set; }

        public List<double> Margins { get; } = [];
    }

    private sealed record Point(string Arm, int Layer, Count Count)
    {
        public double Rate => (double)Count.Echoes / Count.Margins.Count;

        public double Median { get; } = Quantiles.OfSorted([.. Count.Margins.Order()], 0.5);

        public string Fraction => $"{Count.Echoes}/{Count.Margins.Count}";
    }
}
