using System.Xml.Linq;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Looks;

/// <summary>How far into a text an echo lasts, and the perplexities.</summary>
public static class PositionsSection
{
    /// <summary>A chart and a table for each file; null where nothing was measured.</summary>
    /// <param name="summaries">The summaries, each with its file's name.</param>
    public static ReportSection? Of(IEnumerable<(string File, PositionSummaryRow Row)> summaries)
    {
        var files = summaries
            .Where(summary => summary.Row.Measured > 0)
            .GroupBy(summary => summary.File, summary => summary.Row)
            .ToList();
        return files.Count == 0
            ? null
            : new ReportSection(
                "How far into a text",
                [
                    new Words(
                        "How often a token of the text is given back, by its distance from the beginning of its window, tokens counted from 1. Tokens of one text depend on each other, and bins of few tokens say little."
                    ),
                    .. files.Select(file => new Figures(
                        [Chart(file.Key, [.. file.Where(row => row.Part == PositionPart.Bin)])],
                        Table(file.Key, file)
                    )),
                ]
            );
    }

    private static XElement Chart(string file, List<PositionSummaryRow> rows)
    {
        var bins = rows.GroupBy(row => row.FirstToken).OrderBy(bin => bin.Key).ToList();
        List<string> names =
        [
            .. bins.Select(bin => Tokens(PositionPart.Bin, bin.Key, bin.Max(row => row.LastToken))),
        ];
        var arms = rows.GroupBy(NameOf).ToList();
        return Plot.Lines(
            $"Echoes by position: {file}",
            [.. arms.Select(arm => arm.Key)],
            new Axis(
                "token",
                0,
                Math.Max(1, bins.Count - 1),
                [.. names.Select((name, bin) => ((double)bin, name))]
            ),
            Axis.Rate("echo rate"),
            [
                .. from arm in arms.Index()
                from row in arm.Item
                let bin = bins.FindIndex(bin => bin.Key == row.FirstToken)
                select new PlotPoint(
                    arm.Index,
                    bin,
                    row.Rate ?? 0,
                    $"token {names[bin]}: {row.Echoes}/{row.Measured} echo",
                    row.Interval
                ),
            ]
        ).Svg;
    }

    private static DataTable Table(string file, IEnumerable<PositionSummaryRow> rows) =>
        DataTable.Of(
            file,
            rows,
            [
                ("Condition", row => NameOf(row)),
                ("Token", row => Tokens(row.Part, row.FirstToken, row.LastToken)),
                (Number("Echoes"), row => $"{row.Echoes}/{row.Measured}"),
                (Number("Rate"), row => PageText.Of(row.Rate, "F3")),
                (
                    Number("95 % interval"),
                    row => row.Interval is { } ends ? $"{ends.Low:F3}–{ends.High:F3}" : ""
                ),
                (Number("Perplexity of what follows"), row => Perplexity(row.Perplexity)),
                (Number("As llama-perplexity"), row => Perplexity(row.LlamaPerplexity)),
            ]
        );

    // Of the neutral arm every prefix is a condition of its own.
    private static string NameOf(PositionSummaryRow row) =>
        row.Arm == Arm.Neutral.Name
            ? $"{row.Arm} {PieceNotation.Format(row.Prefix!.Bytes)}"
            : row.Arm;

    private static string Tokens(PositionPart part, int first, int last) =>
        part == PositionPart.All ? "all"
        : first == last ? $"{first}"
        : $"{first}–{last}";

    private static string Perplexity(double? value) =>
        PageText.Of(value, value < 1e6 ? "0.0000" : "0.000e0");
}
