using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using Spectre.Console;

namespace EchoRate.Reports.Tables;

/// <summary>File × condition: what a prompt is completed with; one table per prompt.</summary>
public static class CompletionTable
{
    private const int ShortestContinuation = 24;

    private static readonly string[] _headers =
    [
        "File",
        "Condition",
        "Next token",
        "Expected",
        "Continuation",
    ];

    /// <summary>Renders the tables. Continuations are cut where the terminal ends, other columns never.</summary>
    public static string Render(IEnumerable<ShownRow<CompletionRow>> rows, TableStyle style)
    {
        var all = rows.ToList();
        // A file that never started has no prompt, and a line in every table.
        var unstarted = all.Where(row => row.Row.Prompt is null).ToList();
        var text = new StringBuilder();
        foreach (
            var prompt in all.Where(row => row.Row.Prompt is not null)
                .GroupBy(row => row.Row.Prompt!)
        )
        {
            var table = Table([.. prompt, .. unstarted], style);
            text.Append($"Completion of {PieceNotation.Format(prompt.Key)}\n\n{table}\n");
        }
        if (text.Length == 0 && unstarted.Count > 0)
        {
            text.Append(Table(unstarted, style)).Append('\n');
        }
        text.Append("= a hit: the expected token is the most likely one\n");
        if (all.Any(row => row.Row.NearTie == true))
        {
            text.Append(TableCell.NearTieLegend);
        }
        if (all.Any(row => row.Row.PublishedMatch is not null))
        {
            text.Append(TableCell.PublishedLegend);
        }
        return text.ToString();
    }

    private static string Table(List<ShownRow<CompletionRow>> rows, TableStyle style)
    {
        var lines = rows.Select(row => (row.Row.Continuation, Cells: Cells(row))).ToList();
        // "| " before the last cell and " |" behind it, three columns of the terminal beside each other one.
        var used = Enumerable
            .Range(0, _headers.Length - 1)
            .Sum(column =>
                lines
                    .Select(line => line.Cells[column].Text)
                    .Append(_headers[column])
                    .Max(text => text.GetCellWidth()) + 3
            );
        var room = style.Width is { } width
            ? Math.Max(width - used - 4, ShortestContinuation)
            : int.MaxValue;
        var table = new PipeTable(_headers, leading: _headers.Length);
        foreach (var (continuation, cells) in lines)
        {
            table.Add([.. cells, continuation is null ? "" : TableCell.Piece(continuation, room)]);
        }
        return table.Render(style);
    }

    private static TableCell[] Cells(ShownRow<CompletionRow> shown) =>
        [
            shown.File,
            shown.Condition,
            shown.Row is { Status: RowStatus.Ok, Next: not null }
                ? TableCell.Outcome(shown.Row)
                : TableCell.Absent(shown.Row.Status),
            shown.Row.Expected is { } expected ? TableCell.Piece(TextBytes.Of(expected)) : "",
        ];
}
