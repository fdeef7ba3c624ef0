using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Tables;

/// <summary>A line of the table of completions: one file under one condition, for one prompt.</summary>
public sealed record CompletionOutcome
{
    /// <summary>The file's short name (<see cref="FileLabels"/>).</summary>
    public required string File { get; init; }

    /// <summary>The condition in words, <c>with BOS</c>.</summary>
    public required string Condition { get; init; }

    /// <summary>The prompt: one table each. Null in the one outcome of a file that never started.</summary>
    public string? Prompt { get; init; }

    /// <summary>The most likely next token; null where nothing was measured.</summary>
    public byte[]? Next { get; init; }

    /// <summary>The expected text; null where none was given.</summary>
    public string? Expected { get; init; }

    /// <summary>Whether the next token is the expected one; null where no single one is expected.</summary>
    public bool? Hit { get; init; }

    /// <summary>Whether another batch size or CPU may flip it.</summary>
    public bool NearTie { get; init; }

    /// <summary>The greedy continuation; null where none was asked for.</summary>
    public byte[]? Continuation { get; init; }

    /// <summary>Whether the published table's cell is the same; null where it has none.</summary>
    public bool? PublishedMatch { get; init; }

    /// <summary>What became of the row.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>The outcome of a row.</summary>
    public static CompletionOutcome From(string file, CompletionRow row) =>
        new()
        {
            File = file,
            Condition = Tables.Condition.Of(row),
            Prompt = row.Prompt,
            Next = row.Next?.Bytes,
            Expected = row.Expected,
            Hit = row.Hit,
            NearTie = row.NearTie == true,
            Continuation = row.Continuation,
            PublishedMatch = row.PublishedMatch,
            Status = row.Status,
        };
}

/// <summary>File × condition: what a prompt is completed with; one table per prompt.</summary>
public static class CompletionTable
{
    private const int ShortestContinuation = 24;

    /// <summary>Renders the tables. Continuations are cut where the terminal ends, other columns never.</summary>
    public static string Render(IEnumerable<CompletionOutcome> outcomes, TableStyle style)
    {
        var all = outcomes.ToList();
        // A file that never started has no prompt, and a line in every table.
        var unstarted = all.Where(outcome => outcome.Prompt is null).ToList();
        var text = new StringBuilder();
        foreach (
            var prompt in all.Where(outcome => outcome.Prompt is not null)
                .GroupBy(outcome => outcome.Prompt)
        )
        {
            text.Append("Completion of ").Append(PieceNotation.Format(prompt.Key!)).Append("\n\n");
            RenderPrompt(text, [.. prompt, .. unstarted], style);
            text.Append('\n');
        }
        if (text.Length == 0 && unstarted.Count > 0)
        {
            RenderPrompt(text, unstarted, style);
            text.Append('\n');
        }
        text.Append(TableCell.HitMark)
            .Append(" a hit: the expected token is the most likely one\n");
        if (all.Any(outcome => outcome.NearTie))
        {
            text.Append(TableCell.NearTieMark)
                .Append(" a near tie: another batch size or CPU may flip it\n");
        }
        TableCell.PublishedLegend(text, all.Any(outcome => outcome.PublishedMatch is not null));
        return text.ToString();
    }

    private static void RenderPrompt(
        StringBuilder text,
        List<CompletionOutcome> outcomes,
        TableStyle style
    )
    {
        var rows = outcomes.Select(outcome => (Outcome: outcome, Cells: Cells(outcome))).ToList();
        string[] headers = ["File", "Condition", "Next token", "Expected", "Continuation"];
        var used = Enumerable
            .Range(0, headers.Length - 1)
            .Sum(column =>
                3
                + rows.Select(row => DisplayWidth.Of(row.Cells[column].Text))
                    .Append(headers[column].Length)
                    .Max()
            );
        // "| " before the last cell and " |" behind it.
        var room = style.Width is { } width
            ? Math.Max(width - used - 4, ShortestContinuation)
            : int.MaxValue;
        var table = new PipeTable(headers, leading: headers.Length);
        foreach (var (outcome, cells) in rows)
        {
            table.Add([
                .. cells,
                outcome.Continuation is null ? "" : TableCell.Piece(outcome.Continuation, room),
            ]);
        }
        table.Render(text, style);
    }

    private static TableCell[] Cells(CompletionOutcome outcome) =>
        [
            outcome.File,
            outcome.Condition,
            outcome is { Status: RowStatus.Ok, Next: { } next }
                ? TableCell.Outcome(
                    next,
                    outcome.Hit == true,
                    outcome.NearTie,
                    outcome.PublishedMatch
                )
                : TableCell.Absent(outcome.Status),
            outcome.Expected is null ? "" : TableCell.Piece(TextBytes.Of(outcome.Expected)),
        ];
}
