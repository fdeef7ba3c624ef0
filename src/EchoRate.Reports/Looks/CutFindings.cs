using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Reports.Page;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Looks;

/// <summary>What cuts of one file did to one set under one arm: a sentence, a table of layers, and a table of heads where they were cut.</summary>
/// <param name="file">The file's name.</param>
/// <param name="rows">The summary rows of the file, set and arm; measured.</param>
public sealed class CutFindings(string file, IReadOnlyList<CutSummaryRow> rows)
{
    private static readonly (CutKind Kind, string Header)[] _kinds =
    [
        (CutKind.From, "From here on"),
        (CutKind.Upto, "Up to here"),
        (CutKind.Only, "Only here"),
        (CutKind.AllBut, "All but here"),
    ];

    /// <summary>What was found, in words.</summary>
    public string Sentence
    {
        get
        {
            var (none, all) = (Find(CutKind.None)!, Find(CutKind.All)!);
            var start =
                $"{file}, {none.Set}, {PageText.Condition(none.Arm)}: {Count(none)} {What(none)}; {Count(all)} where the last position is cut off in every layer.";
            return
                rows.FirstOrDefault(row =>
                    row is { Rank: 1, Cut: { Kind: CutKind.AllBut, Head: null } }
                )
                    is { Decides: > 0, Cut.Layer: { } layer } best
                ? $"{start} Layer {layer} decides most: {Count(best)} where it alone is not cut, {Count(Find(CutKind.Only, layer)!)} where it alone is."
                : $"{start} No layer decides by itself.";
        }
    }

    /// <summary>The sentence, a line for each kind of cut over the layers, and a small table of heads.</summary>
    public IReadOnlyList<ReportBlock> Blocks()
    {
        List<ReportBlock> blocks = [new Words(Sentence), Layers()];
        var heads = rows.Where(row => row.Cut is { Kind: CutKind.AllBut, Head: not null }).ToList();
        if (heads.Count > 0)
        {
            blocks.Add(
                DataTable.Of(
                    $"Heads: {Name}",
                    heads,
                    [
                        (Number("Layer"), row => PageText.Of(row.Cut!.Layer)),
                        (Number("Head"), row => PageText.Of(row.Cut!.Head)),
                        (
                            Number("Only here"),
                            row => Count(Find(CutKind.Only, row.Cut!.Layer, row.Cut.Head)!)
                        ),
                        (Number("All but here"), row => Count(row)),
                    ]
                )
            );
        }
        return blocks;
    }

    private string Name => $"{file}, {rows[0].Set}, {PageText.Condition(rows[0].Arm)}";

    private Figures Layers()
    {
        List<int> layers =
        [
            .. rows.Select(row => row.Cut is { Head: null } cut ? cut.Layer : null)
                .OfType<int>()
                .Distinct()
                .Order(),
        ];
        var what = rows[0].Expecting > 0 ? "hit" : "echo";
        var chart = Plot.Lines(
            $"{(what == "hit" ? "Hits" : "Echoes")} by where attention is cut: {Name}",
            [.. _kinds.Select(kind => kind.Header)],
            Axis.Counted("layer", layers[0], layers[^1]),
            Axis.Rate($"{what} rate"),
            [
                .. from kind in _kinds.Index()
                from layer in layers
                let row = Find(kind.Item.Kind, layer)
                select new PlotPoint(kind.Index, layer, Rate(row), $"layer {layer}: {Count(row)}"),
            ]
        );
        return new Figures(
            [chart.Svg],
            DataTable.Of(
                Name,
                layers,
                [
                    (Number("Layer"), layer => PageText.Of(layer)),
                    .. _kinds.Select(kind =>
                        (
                            Number(kind.Header),
                            (Func<int, DataCell>)(layer => Count(Find(kind.Kind, layer)!))
                        )
                    ),
                ]
            )
        );
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
        row.Expecting > 0 ? $"{row.Hits}/{row.Expecting}" : $"{row.Echoes}/{row.Measured}";
}
