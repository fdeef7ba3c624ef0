using System.Globalization;
using System.Text;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Tables;

/// <summary>A line of the table of rates: one file under one arm.</summary>
public sealed record RateLine
{
    /// <summary>The file's short name (<see cref="FileLabels"/>).</summary>
    public required string File { get; init; }

    /// <summary>The arm, as in the CSV files.</summary>
    public required string Arm { get; init; }

    /// <summary>The echo probe added up; null where it was not asked for.</summary>
    public SummaryRow? Echo { get; init; }

    /// <summary>The completion probe added up; null where it was not asked for.</summary>
    public SummaryRow? Completion { get; init; }
}

/// <summary>File × arm: how often it echoes, how sure that is, and how often it completes as expected.</summary>
public static class RatesTable
{
    /// <summary>Picks one item set and one prompt set out of the summaries; lines stand in the order first seen.</summary>
    public static IReadOnlyList<RateLine> Lines(
        IEnumerable<(string File, SummaryRow Row)> summaries,
        string itemSet,
        string promptSet
    ) =>
        [
            .. summaries
                .Where(summary =>
                    summary.Row.Set == (summary.Row.Probe == "echo" ? itemSet : promptSet)
                )
                .GroupBy(summary => (summary.File, summary.Row.Arm))
                .Select(group => new RateLine
                {
                    File = group.Key.File,
                    Arm = group.Key.Arm,
                    Echo = group.FirstOrDefault(summary => summary.Row.Probe == "echo").Row,
                    Completion = group
                        .FirstOrDefault(summary => summary.Row.Probe == "completion")
                        .Row,
                }),
        ];

    /// <summary>Renders the table.</summary>
    public static string Render(IEnumerable<RateLine> lines, TableStyle style)
    {
        var table = new PipeTable(
            [
                "File",
                "Arm",
                "Echo",
                "Rate",
                "95 % interval",
                "Near ties",
                "Completion",
                "token_embd",
            ],
            leading: 2
        ).AlignRight(2, 3, 4, 5, 6);
        foreach (var line in lines)
        {
            table.Add(
                line.File,
                line.Arm,
                Hits(line.Echo),
                Rate(line.Echo?.Rate),
                Interval(line.Echo),
                line.Echo is { Measured: > 0 } echo ? Whole(echo.NearTies) : "",
                Hits(line.Completion),
                (line.Echo ?? line.Completion)?.File.Facts.TokenEmbeddingType ?? ""
            );
        }
        var text = new StringBuilder();
        table.Render(text, style);
        return text.ToString();
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

    private static string Interval(SummaryRow? row) =>
        row is { RateLow: { } low, RateHigh: { } high } ? $"{Rate(low)}–{Rate(high)}" : "";

    private static string Rate(double? rate) =>
        rate?.ToString("0.000", CultureInfo.InvariantCulture) ?? "";

    private static string Whole(int count) => count.ToString(CultureInfo.InvariantCulture);
}
