using System.Globalization;
using System.Xml.Linq;
using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>What cuts of one file did to one set under one arm: a sentence, a table of layers, and a table of heads where they were cut.</summary>
/// <param name="file">The file's name.</param>
/// <param name="rows">The summary rows of the file, set and arm; measured.</param>
public sealed class CutTable(string file, IReadOnlyList<CutSummaryRow> rows)
{
    private static readonly (CutKind Kind, string Header)[] _kinds =
    [
        (CutKind.From, "From here on"),
        (CutKind.Upto, "Up to here"),
        (CutKind.Only, "Only here"),
        (CutKind.AllBut, "All but here"),
    ];

    private static readonly string[] _layerColumns =
    [
        "Layer",
        .. _kinds.Select(kind => kind.Header),
    ];
    private static readonly string[] _headColumns = ["Layer", "Head", "Only here", "All but here"];

    /// <summary>What was found, in words.</summary>
    public string Sentence
    {
        get
        {
            var (none, all) = (Find(CutKind.None)!, Find(CutKind.All)!);
            var start =
                $"{file}, {none.Set}, {none.Arm}: {Count(none)} {What(none)}; {Count(all)} where the last position is cut off in every layer.";
            return
                rows.FirstOrDefault(row =>
                    row is { Rank: 1, Cut: { Kind: CutKind.AllBut, Head: null } }
                )
                    is { Decides: > 0, Cut.Layer: { } layer } best
                ? $"{start} Layer {layer} decides most: {Count(best)} where it alone is not cut, {Count(Find(CutKind.Only, layer)!)} where it alone is."
                : $"{start} No layer decides by itself.";
        }
    }

    /// <summary>The sentence and the tables.</summary>
    public string Render(TableStyle style)
    {
        var tables = new[] { Layers(style), Heads(style) }.Where(table => table.Length > 0);
        return $"{Sentence}\n\n{string.Join('\n', tables)}";
    }

    private string Layers(TableStyle style)
    {
        var table = new PipeTable(_layerColumns, leading: 1, right: [0, 1, 2, 3, 4]);
        foreach (var layer in LayersCut())
        {
            table.Add([.. LayerCells(layer).Select(cell => (TableCell)cell)]);
        }
        return table.Render(style);
    }

    private string Heads(TableStyle style)
    {
        var heads = HeadCuts();
        if (heads.Count == 0)
        {
            return "";
        }
        var table = new PipeTable(_headColumns, leading: 2, right: [0, 1, 2, 3]);
        foreach (var row in heads)
        {
            table.Add([.. HeadCells(row).Select(cell => (TableCell)cell)]);
        }
        return table.Render(style);
    }

    /// <summary>The same for a report: the sentence, a line for each kind of cut over the layers, a small table of heads.</summary>
    public IReadOnlyList<ReportBlock> Blocks()
    {
        List<ReportBlock> blocks = [new Words(Sentence), new Figures([Chart()], LayerTable())];
        var heads = HeadCuts();
        if (heads.Count > 0)
        {
            blocks.Add(
                new DataTable(
                    $"Heads: {Name}",
                    [.. _headColumns.Select(DataColumn.Number)],
                    [
                        .. heads.Select(row =>
                            HeadCells(row).Select(cell => (DataCell)cell).ToArray()
                        ),
                    ]
                )
            );
        }
        return blocks;
    }

    private string Name => $"{file}, {rows[0].Set}, {PageText.Condition(rows[0].Arm)}";

    private XElement Chart()
    {
        var layers = LayersCut();
        var plot = new Plot(
            $"{(rows[0].Expecting > 0 ? "Hits" : "Echoes")} by where attention is cut: {Name}",
            $"By layer. {string.Join("; ", layers.Select(layer => $"layer {layer}: {string.Join(", ", _kinds.Select(kind => $"{kind.Header} {Count(Find(kind.Kind, layer)!)}"))}"))}",
            [.. _kinds.Select(kind => kind.Header)],
            Axis.Counted("layer", layers.Min(), layers.Max()),
            Axis.Rate(rows[0].Expecting > 0 ? "hit rate" : "echo rate"),
            150
        );
        foreach (var (series, (kind, header)) in _kinds.Index())
        {
            plot.Path(series, layers.Select(layer => ((double)layer, Rate(Find(kind, layer)!))));
            foreach (var layer in layers)
            {
                var row = Find(kind, layer)!;
                plot.Mark(series, layer, Rate(row), null, $"{header}, layer {layer}: {Count(row)}");
            }
        }
        return plot.Svg;
    }

    private DataTable LayerTable() =>
        new(
            Name,
            [.. _layerColumns.Select(DataColumn.Number)],
            [
                .. LayersCut()
                    .Select(layer => LayerCells(layer).Select(cell => (DataCell)cell).ToArray()),
            ]
        );

    private List<int> LayersCut() =>
        [
            .. rows.Select(row => row.Cut is { Head: null } cut ? cut.Layer : null)
                .OfType<int>()
                .Distinct()
                .Order(),
        ];

    private List<CutSummaryRow> HeadCuts() =>
        [.. rows.Where(row => row.Cut is { Kind: CutKind.AllBut, Head: not null })];

    private IEnumerable<string> LayerCells(int layer) =>
        [Number(layer), .. _kinds.Select(kind => Count(Find(kind.Kind, layer)!))];

    private IEnumerable<string> HeadCells(CutSummaryRow row)
    {
        var (layer, head) = (row.Cut!.Layer, row.Cut.Head);
        return [Number(layer), Number(head), Count(Find(CutKind.Only, layer, head)!), Count(row)];
    }

    private static double Rate(CutSummaryRow row) =>
        row.Expecting > 0 ? (double)row.Hits / row.Expecting : (double)row.Echoes / row.Measured;

    private CutSummaryRow? Find(CutKind kind, int? layer = null, int? head = null) =>
        rows.FirstOrDefault(row =>
            row.Cut is { } cut && (cut.Kind, cut.Layer, cut.Head) == (kind, layer, head)
        );

    private static string What(CutSummaryRow row) =>
        row.Expecting > 0 ? "prompts are answered as expected" : "echo";

    private static string Count(CutSummaryRow row) =>
        row.Expecting > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{row.Hits}/{row.Expecting}")
            : string.Create(CultureInfo.InvariantCulture, $"{row.Echoes}/{row.Measured}");

    private static string Number(int? value) => value!.Value.ToString(CultureInfo.InvariantCulture);
}
