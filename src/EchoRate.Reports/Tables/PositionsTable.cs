using System.Globalization;
using System.Xml.Linq;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>How far into a text an echo lasts: token of the window × (file, arm), and the perplexities below.</summary>
public static class PositionsTable
{
    /// <summary>The tables; empty where nothing was measured.</summary>
    /// <param name="summaries">The summaries, each with its file's name.</param>
    /// <param name="style">The terminal's width and colours.</param>
    public static string Render(
        IReadOnlyList<(string File, PositionSummaryRow Row)> summaries,
        TableStyle style
    )
    {
        var columns = summaries
            .Where(summary => summary.Row.Measured > 0)
            .GroupBy(summary => NameOf(summary.File, summary.Row))
            .ToList();
        return columns.Count == 0
            ? ""
            : Echoes(columns).Render(style) + "\n" + Perplexities(columns).Render(style);
    }

    /// <summary>A chart and a table for each file; empty where nothing was measured.</summary>
    /// <param name="summaries">The summaries, each with its file's name.</param>
    public static IReadOnlyList<ReportSection> Sections(
        IReadOnlyList<(string File, PositionSummaryRow Row)> summaries
    )
    {
        var files = summaries
            .Where(summary => summary.Row.Measured > 0)
            .GroupBy(summary => summary.File, summary => summary.Row)
            .ToList();
        return files.Count == 0
            ? []
            :
            [
                new ReportSection(
                    "How far into a text",
                    [
                        new Words(
                            "How often a token of the text is given back, by its distance from the beginning of its window, tokens counted from 1. Tokens of one text depend on each other, and bins of few tokens say little."
                        ),
                        .. files.Select(file => new Figures(
                            [Chart(file.Key, [.. file.Where(row => row.Part == PositionPart.Bin)])],
                            Table(file.Key, [.. file])
                        )),
                    ]
                ),
            ];
    }

    private static XElement Chart(string file, IReadOnlyList<PositionSummaryRow> rows)
    {
        var bins = rows.GroupBy(row => row.FirstToken).OrderBy(bin => bin.Key).ToList();
        var arms = rows.GroupBy(NameOf).ToList();
        string BinOf(int bin) =>
            Words(PositionPart.Bin, bins[bin].Key, bins[bin].Max(row => row.LastToken));
        string Says(PositionSummaryRow row) => $"{row.Echoes}/{row.Measured} echo";
        var points = (
            from arm in arms.Index()
            from row in arm.Item
            let bin = bins.FindIndex(bin => bin.Key == row.FirstToken)
            select (Series: arm.Index, Bin: bin, Row: row)
        ).ToList();
        var plot = new Plot(
            $"Echoes by position: {file}",
            $"By token of the window. {string.Join("; ", points.Select(point => $"{arms[point.Series].Key}, token {BinOf(point.Bin)}: {Says(point.Row)}"))}",
            [.. arms.Select(arm => arm.Key)],
            new Axis(
                "token",
                0,
                Math.Max(1, bins.Count - 1),
                [.. bins.Select((_, bin) => ((double)bin, BinOf(bin)))]
            ),
            Axis.Rate("echo rate"),
            150
        );
        foreach (var line in points.GroupBy(point => point.Series))
        {
            plot.Path(line.Key, line.Select(point => ((double)point.Bin, point.Row.Rate ?? 0)));
            foreach (var point in line)
            {
                plot.Mark(
                    point.Series,
                    point.Bin,
                    point.Row.Rate ?? 0,
                    point.Row.Interval,
                    $"token {BinOf(point.Bin)}: {Says(point.Row)}"
                );
            }
        }
        return plot.Svg;
    }

    private static DataTable Table(string file, IReadOnlyList<PositionSummaryRow> rows) =>
        new(
            file,
            [
                "Condition",
                "Token",
                DataColumn.Number("Echoes"),
                DataColumn.Number("Rate"),
                DataColumn.Number("95 % interval"),
                DataColumn.Number("Perplexity of what follows"),
                DataColumn.Number("As llama-perplexity"),
            ],
            [
                .. rows.Select(row =>
                    (DataCell[])
                        [
                            NameOf(row),
                            Words(row.Part, row.FirstToken, row.LastToken),
                            string.Create(
                                CultureInfo.InvariantCulture,
                                $"{row.Echoes}/{row.Measured}"
                            ),
                            PageText.Of(row.Rate, "F3"),
                            row.Interval is { } interval
                                ? $"{PageText.Of(interval.Low, "F3")}–{PageText.Of(interval.High, "F3")}"
                                : "",
                            Number(row.Perplexity),
                            Number(row.LlamaPerplexity),
                        ]
                ),
            ]
        );

    private static PipeTable Echoes(
        List<IGrouping<string, (string File, PositionSummaryRow Row)>> columns
    )
    {
        var table = new PipeTable(
            ["Token", .. columns.Select(column => column.Key)],
            leading: 1,
            right: [.. Enumerable.Range(0, columns.Count + 1)]
        );
        var parts = columns
            .SelectMany(column => column)
            .GroupBy(summary => (summary.Row.Part, summary.Row.FirstToken))
            .OrderBy(part => part.Key);
        foreach (var part in parts)
        {
            table.Add([
                Words(part.Key.Part, part.Key.FirstToken, part.Max(one => one.Row.LastToken)),
                .. columns.Select(column =>
                    Cell(part.FirstOrDefault(one => NameOf(one.File, one.Row) == column.Key).Row)
                ),
            ]);
        }
        return table;
    }

    private static PipeTable Perplexities(
        IEnumerable<IGrouping<string, (string File, PositionSummaryRow Row)>> columns
    )
    {
        var table = new PipeTable(
            [
                "Perplexity",
                "all",
                $"without the first {PositionSummary.Skipped}",
                "as llama-perplexity",
            ],
            leading: 1,
            right: [1, 2, 3]
        );
        foreach (var column in columns)
        {
            var all = column.Single(one => one.Row.Part == PositionPart.All).Row;
            var later = column.FirstOrDefault(one => one.Row.Part == PositionPart.Later).Row;
            table.Add(
                column.Key,
                Number(all.Perplexity),
                Number(later?.Perplexity),
                Number(all.LlamaPerplexity)
            );
        }
        return table;
    }

    private static string NameOf(string file, PositionSummaryRow row) => $"{file} {NameOf(row)}";

    // Of the neutral arm every prefix is a condition of its own.
    private static string NameOf(PositionSummaryRow row) =>
        row.Arm == Arm.Neutral.Name ? $"{row.Arm} {TableCell.Piece(row.Prefix!.Bytes)}" : row.Arm;

    private static TableCell Cell(PositionSummaryRow? row) =>
        row is null
            ? ""
            : new TableCell(
                string.Create(CultureInfo.InvariantCulture, $"{row.Echoes}/{row.Measured}")
            );

    private static string Words(PositionPart part, int first, int last) =>
        part == PositionPart.All ? "all"
        : first == last ? string.Create(CultureInfo.InvariantCulture, $"{first}")
        : string.Create(CultureInfo.InvariantCulture, $"{first}–{last}");

    private static string Number(double? perplexity) =>
        perplexity?.ToString(perplexity < 1e6 ? "0.0000" : "0.000e0", CultureInfo.InvariantCulture)
        ?? "";
}
