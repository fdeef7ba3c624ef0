using System.Globalization;
using System.Xml.Linq;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>Layer × (file, arm): how many items the model would give back if it ended there, and by what margin.</summary>
public sealed class LensTable
{
    private readonly List<(string File, string Arm)> _columns = [];
    private readonly SortedDictionary<int, Dictionary<(string, string), Layer>> _layers = [];

    /// <summary>Counts a row.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="row">The row.</param>
    public void Add(string file, LensRow row)
    {
        if (row is not { Layer: { } layer, Echo: { } echo, EchoMargin: { } margin })
        {
            return;
        }
        var column = (file, row.Arm);
        if (!_columns.Contains(column))
        {
            _columns.Add(column);
        }
        if (!_layers.TryGetValue(layer, out var counts))
        {
            _layers[layer] = counts = [];
        }
        if (!counts.TryGetValue(column, out var count))
        {
            counts[column] = count = new Layer();
        }
        count.Echoes += echo ? 1 : 0;
        count.Margins.Add(margin);
    }

    /// <summary>The table; empty where nothing was measured.</summary>
    public string Render(TableStyle style)
    {
        if (_columns.Count == 0)
        {
            return "";
        }
        var table = new PipeTable(
            ["Layer", .. _columns.Select(column => $"{column.File} {column.Arm}")],
            leading: 1,
            right: [.. Enumerable.Range(0, _columns.Count + 1)]
        );
        foreach (var (layer, counts) in _layers)
        {
            table.Add([
                layer.ToString(CultureInfo.InvariantCulture),
                .. _columns.Select(column =>
                    counts.TryGetValue(column, out var count) ? new TableCell(count.Fraction) : ""
                ),
            ]);
        }
        return table.Render(style);
    }

    /// <summary>Charts and table for a report: one pair of charts for each file.</summary>
    public IReadOnlyList<ReportSection> Sections() =>
        _columns.Count == 0
            ? []
            :
            [
                new ReportSection(
                    "In which layer",
                    [
                        new Words(
                            "What every layer leaves, decoded by the model's own final norm and head; layer -1 is the input embedding. A word that does not come out of a middle layer is not lost: it lies where the head does not look."
                        ),
                        .. _columns
                            .GroupBy(column => column.File)
                            .Select(file => new Figures(
                                [.. Charts([.. file], file.Key)],
                                Table([.. file], file.Key)
                            )),
                    ]
                ),
            ];

    private IEnumerable<XElement> Charts(List<(string File, string Arm)> columns, string file)
    {
        var points = Points(columns).ToList();
        yield return Draw(
            $"Echoes by layer: {file}",
            columns,
            Axis.Rate("echo rate"),
            [
                .. points.Select(point =>
                    (point.Series, point.Layer, point.Of.Rate, $"{point.Of.Fraction} echo")
                ),
            ]
        );
        var margins = points.ConvertAll(point => point.Of.Median);
        yield return Draw(
            $"Median echo margin by layer, nat: {file}",
            columns,
            Axis.Around(margins),
            [
                .. points.Select(point =>
                    (
                        point.Series,
                        point.Layer,
                        point.Of.Median,
                        PageText.Of($"{point.Of.Median:F2} nat")
                    )
                ),
            ]
        );
    }

    private XElement Draw(
        string title,
        List<(string File, string Arm)> columns,
        Axis y,
        List<(int Series, int Layer, double Value, string Says)> points
    )
    {
        var last = _layers.Keys.Max();
        var plot = new Plot(
            title,
            $"By layer. {string.Join("; ", points.Select(point => $"{PageText.Condition(columns[point.Series].Arm)}, layer {point.Layer}: {point.Says}"))}",
            [.. columns.Select(column => PageText.Condition(column.Arm))],
            Axis.Counted("layer", -1, last),
            y,
            150
        );
        foreach (var line in points.GroupBy(point => point.Series))
        {
            plot.Path(line.Key, line.Select(point => ((double)point.Layer, point.Value)));
            foreach (var point in line)
            {
                plot.Mark(
                    point.Series,
                    point.Layer,
                    point.Value,
                    null,
                    $"layer {point.Layer}: {point.Says}"
                );
            }
        }
        return plot.Svg;
    }

    private IEnumerable<(int Series, int Layer, Layer Of)> Points(
        List<(string File, string Arm)> columns
    ) =>
        from layer in _layers
        from column in columns.Index()
        where layer.Value.ContainsKey(column.Item)
        select (column.Index, layer.Key, layer.Value[column.Item]);

    private DataTable Table(List<(string File, string Arm)> columns, string file) =>
        new(
            file,
            [
                DataColumn.Number("Layer"),
                .. columns.SelectMany(column =>
                    (DataColumn[])
                        [
                            DataColumn.Number($"Echoes, {PageText.Condition(column.Arm)}"),
                            DataColumn.Number(
                                $"Median margin, {PageText.Condition(column.Arm)}, nat"
                            ),
                        ]
                ),
            ],
            [
                .. _layers.Select(layer =>
                    (DataCell[])
                        [
                            PageText.Of((double)layer.Key, "F0"),
                            .. columns.SelectMany(column =>
                                layer.Value.TryGetValue(column, out var count)
                                    ? (DataCell[])[count.Fraction, PageText.Of(count.Median, "F2")]
                                    : ["", ""]
                            ),
                        ]
                ),
            ]
        );

    private sealed class Layer
    {
        public int Echoes { get; set; }

        public List<double> Margins { get; } = [];

        public double Rate => (double)Echoes / Margins.Count;

        public double Median => Quantiles.OfSorted([.. Margins.Order()], 0.5);

        public string Fraction =>
            string.Create(CultureInfo.InvariantCulture, $"{Echoes}/{Margins.Count}");
    }
}
