using System.Globalization;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>File × arm: how often it echoes, how sure that is, and how often it completes as expected.</summary>
public static class RatesTable
{
    private static readonly string[] _headers =
    [
        "File",
        "Arm",
        "Echo",
        "Rate",
        "95 % interval",
        "Near ties",
        "Completion",
        "token_embd",
        "Bits",
    ];

    /// <summary>Renders the table of one item set and one prompt set; lines stand in the order first seen.</summary>
    public static string Render(
        IEnumerable<(string File, SummaryRow Row)> summaries,
        string itemSet,
        string promptSet,
        TableStyle style
    )
    {
        var table = new PipeTable(_headers, leading: 2, right: [2, 3, 4, 5, 6, 8]);
        foreach (
            var line in summaries
                .Where(summary =>
                    summary.Row.Set == (summary.Row.Probe == "echo" ? itemSet : promptSet)
                )
                .GroupBy(summary => (summary.File, summary.Row.Arm))
        )
        {
            var echo = line.FirstOrDefault(summary => summary.Row.Probe == "echo").Row;
            var completion = line.FirstOrDefault(summary => summary.Row.Probe == "completion").Row;
            table.Add(
                line.Key.File,
                line.Key.Arm,
                Hits(echo),
                Rate(echo?.Rate),
                echo is { RateLow: { } low, RateHigh: { } high } ? $"{Rate(low)}–{Rate(high)}" : "",
                echo is { Measured: > 0 } ? Whole(echo.NearTies) : "",
                Hits(completion),
                (echo ?? completion)?.File.Facts.TokenEmbeddingType ?? "",
                FileLabels.Bits((echo ?? completion)?.File)
            );
        }
        return table.Render(style);
    }

    private static TableCell Hits(SummaryRow? row) =>
        row switch
        {
            null => "",
            { Measured: 0 } => TableCell.Absent(row.Status),
            _ => new TableCell(
                $"{Whole(row.Hits)}/{Whole(row.Measured)}",
                row.Hits == row.Measured ? Tone.Hit : Tone.Plain
            ),
        };

    private static string Rate(double? rate) =>
        rate?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
