using System.Xml.Linq;
using EchoRate.Core.Items;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Page;

/// <summary>How often files give words back or complete prompts, and what came back word by word.</summary>
internal static class EchoSections
{
    /// <summary>Rates of one probe as charts, one for each set, and the table behind them.</summary>
    public static IEnumerable<ReportBlock> Rates(ReportInput input, string probe)
    {
        var rows = input
            .Summary.Measured.SelectMany(file =>
                file.Item.Rows.Select(row => (file.Index, Row: row))
            )
            .Where(row => row.Row.Probe == probe && row.Row.Set is not null)
            // What one prompt is completed with stands in its own table.
            .Where(row => probe == "echo" || row.Row.Items > 1)
            .ToList();
        if (rows.Count == 0)
        {
            return [];
        }
        var what = probe == "echo" ? "Echo rate" : "Expected token first";
        // A rate of one word is no rate.
        var charts = rows.Where(row => row.Row.Measured > 1)
            .GroupBy(row => (row.Row.Set, Model: input.GroupOf(row.Index)))
            .Select(set => Chart(what, input, [.. set]));
        var table = DataTable.Of(
            $"{what} by set, file and condition",
            rows,
            [
                ("Set", row => row.Row.Set),
                ("File", row => input.Label(row.Index)),
                ("Condition", row => PageText.Condition(row.Row.Arm)),
                (
                    Number("Hits"),
                    row =>
                        row.Row.Measured == 0
                            ? DataCell.Absent(row.Row.Status)
                            : PageText.Of(row.Row.Hits)
                ),
                (Number("Measured"), row => PageText.Of(row.Row.Measured)),
                (Number("Rate"), row => PageText.Of(row.Row.Rate, "P1")),
                (
                    Number("95 % interval"),
                    row =>
                        row.Row is { RateLow: { } low, RateHigh: { } high }
                            ? $"{low:P1} to {high:P1}"
                            : ""
                ),
                (Number("Near ties"), row => PageText.Of(row.Row.NearTies)),
                (Number("Median rank"), row => PageText.Of(row.Row.MedianRank, "N0")),
                (Number("Mean margin, nat"), row => PageText.Of(row.Row.MeanMargin, "N2")),
                ("token_embd", row => row.Row.File.Facts.TokenEmbeddingType),
                (
                    Number("Bits per weight"),
                    row => PageText.Of(row.Row.File.Facts.BitsPerWeight, "0.00")
                ),
            ]
        );
        return [new Figures([.. charts], table)];
    }

    /// <summary>What came back, word by word: words down, files across, a table for each condition and ladder.</summary>
    public static ReportSection? Words(ReportInput input)
    {
        var sets = input.Rows.Words.Select(row => row.Row.ItemSet).ToList();
        var set = sets.Contains(PublishedWords.Name)
            ? PublishedWords.Name
            : sets.Find(s => s is not null);
        var rows = input
            .Rows.Words.Where(row => row.Row.ItemSet == set && row.Row.Item is not null)
            .ToList();
        if (rows.Count == 0)
        {
            return null;
        }
        var tables =
            from row in rows
            group row by (row.Row.Arm, Model: input.GroupOf(row.File)) into part
            // The first condition is what the finding is about.
            select WordTable(input, part.Key.Arm, part.Key.Model, [.. part]) with
            {
                IsFolded = part.Key.Arm != rows[0].Row.Arm,
            };
        return new ReportSection(
            $"What came back: {ReportInput.SetName(set)}",
            [
                new Words(
                    "= is an echo: the word itself came back. ~ is a near tie, which the arithmetic may turn over."
                        + (
                            rows.Exists(row => row.Row.PublishedMatch is not null)
                                ? " ✓ agrees with the published table, ✗ does not."
                                : ""
                        )
                        + (
                            rows.CountBy(row => (row.File, row.Row.Arm))
                                .Any(part => part.Value == ReportRows.MostWords)
                                ? $" The first {ReportRows.MostWords} words are here; echo.csv has all."
                                : ""
                        )
                ),
                .. tables,
            ]
        );
    }

    private static DataTable WordTable(
        ReportInput input,
        string arm,
        string model,
        List<(int File, EchoRow Row)> rows
    )
    {
        var files = rows.Select(row => row.File).Distinct();
        List<(DataColumn, Func<IGrouping<string, (int File, EchoRow Row)>, DataCell>)> columns =
        [
            ("Word", word => ReportInput.Piece(word.First().Row.Item)),
        ];
        foreach (var file in files)
        {
            columns.Add(
                (
                    input.LabelWithin(file, model),
                    word =>
                        word.LastOrDefault(row => row.File == file).Row is { } row
                            ? ReportInput.Outcome(row)
                            : ""
                )
            );
        }
        if (model.Length > 0 && rows.Any(row => row.Row.PublishedTop1 is not null))
        {
            columns.Add(
                (
                    "Published",
                    word =>
                        ReportInput.Piece(
                            word.Select(row => row.Row.PublishedTop1)
                                .FirstOrDefault(cell => cell is not null)
                        )
                )
            );
        }
        return DataTable.Of(
            $"{(model.Length > 0 ? model + ", " : "")}{PageText.Condition(arm)}",
            rows.GroupBy(row => PieceNotation.Format(row.Row.Item!)),
            columns
        );
    }

    private static XElement Chart(
        string what,
        ReportInput input,
        List<(int Index, SummaryRow Row)> rows
    )
    {
        var model = input.GroupOf(rows[0].Index);
        var title =
            $"{what}: {(model.Length > 0 ? model + ", " : "")}{ReportInput.SetName(rows[0].Row.Set)}";
        const double line = 12;
        const double file = 28;
        var arms = rows.Select(row => row.Row.Arm).Distinct().ToList();
        var files = rows.GroupBy(row => row.Index).ToList();
        var plot = new Plot(
            title,
            $"A mark for each file and condition, with its 95 % interval. {string.Join("; ", rows.Take(12).Select(row => Says(input.LabelWithin(row.Index, model), row.Row)))}",
            [.. arms.Select(PageText.Condition)],
            Axis.Rate("rate"),
            null,
            files.Count * (file + (arms.Count * line))
        );
        var top = 0.0;
        foreach (var one in files)
        {
            plot.Label(input.LabelWithin(one.Key, model), top + 16);
            foreach (var (_, row) in one)
            {
                if (row.Rate is { } rate)
                {
                    (double, double)? interval = row is { RateLow: { } low, RateHigh: { } high }
                        ? (low, high)
                        : null;
                    var series = arms.IndexOf(row.Arm);
                    plot.MarkAt(
                        series,
                        rate,
                        top + file + (series * line),
                        interval,
                        Says(input.LabelWithin(one.Key, model), row)
                    );
                }
            }
            top += file + (arms.Count * line);
        }
        return plot.Svg;
    }

    private static string Says(string file, SummaryRow row) =>
        $"{file} {PageText.Condition(row.Arm)}: {row.Rate:P1} ({row.Hits:N0} of {row.Measured:N0})";
}
