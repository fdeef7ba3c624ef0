using System.Globalization;
using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Tables;

/// <summary>One outcome in the echo table: what a file gave back for a word.</summary>
public sealed record EchoOutcome
{
    /// <summary>The file's short name (<see cref="FileLabels"/>): the column.</summary>
    public required string File { get; init; }

    /// <summary>The model: where one has several files, each model has a table of its own, and columns are named by what follows it.</summary>
    public string? Model { get; init; }

    /// <summary>The condition in words, <c>without BOS</c>: the table.</summary>
    public required string Condition { get; init; }

    /// <summary>The word's bytes: the row. Null in the one outcome of a file that never started, which then fills the column.</summary>
    public byte[]? Word { get; init; }

    /// <summary>What came back; null where nothing was measured.</summary>
    public byte[]? Top1 { get; init; }

    /// <summary>Whether it is the word itself.</summary>
    public bool Echo { get; init; }

    /// <summary>Whether another batch size or CPU may flip it.</summary>
    public bool NearTie { get; init; }

    /// <summary>Whether the published table's cell is the same; null where it has none.</summary>
    public bool? PublishedMatch { get; init; }

    /// <summary>Whether the published table has a cell that could not be compared, since the word was not measured.</summary>
    public bool PublishedUnmeasured { get; init; }

    /// <summary>What became of the row.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>How many tokens the word is, where it is not one; null where nobody said.</summary>
    public int? TokenCount { get; init; }

    /// <summary>The outcome of a row.</summary>
    public static EchoOutcome From(string file, string? model, EchoRow row) =>
        new()
        {
            File = file,
            Model = model,
            Condition = Tables.Condition.Of(row),
            Word = row.Item,
            Top1 = row.Top1?.Bytes,
            Echo = row.Echo == true,
            NearTie = row.NearTie == true,
            PublishedMatch = row.PublishedMatch,
            PublishedUnmeasured = row is { PublishedTop1: not null, PublishedMatch: null },
            Status = row.Status,
            TokenCount = row.TokenizedIds?.Length,
        };
}

/// <summary>The published table, for any files: words down, files across, what came back in the cells; one table per condition.</summary>
public static class EchoTable
{
    /// <summary>Renders the tables; words and files stand in the order first seen.</summary>
    public static string Render(IEnumerable<EchoOutcome> outcomes, TableStyle style)
    {
        var all = outcomes.ToList();
        var ladders = all.GroupBy(outcome => outcome.Model)
            .Any(model => model.DistinctBy(outcome => outcome.File).Count() > 1);
        var text = new StringBuilder();
        foreach (var condition in all.GroupBy(outcome => outcome.Condition))
        {
            foreach (var model in condition.GroupBy(outcome => ladders ? outcome.Model : null))
            {
                text.Append("Echo ")
                    .Append(condition.Key)
                    .Append(model.Key is null ? "" : ": ")
                    .Append(model.Key)
                    .Append("\n\n");
                RenderTable(text, model.Key, [.. model], style);
                text.Append('\n');
            }
        }
        Legend(text, all);
        Agreement(text, all);
        return text.ToString();
    }

    private static void RenderTable(
        StringBuilder text,
        string? model,
        List<EchoOutcome> outcomes,
        TableStyle style
    )
    {
        var files = outcomes.Select(outcome => outcome.File).Distinct().ToList();
        var table = new PipeTable(
            ["Word", .. files.Select(file => Column(file, model))],
            leading: 1
        );
        var cells = new Dictionary<(string Word, string File), TableCell>();
        var wholeFiles = new Dictionary<string, TableCell>();
        // By the whole word: two long ones may look alike when cut.
        var words = new OrderedDictionary<string, string>();
        foreach (var outcome in outcomes)
        {
            if (outcome.Word is null)
            {
                wholeFiles[outcome.File] = TableCell.Absent(outcome.Status);
                continue;
            }
            var word = PieceNotation.Format(outcome.Word);
            words.TryAdd(word, TableCell.Piece(outcome.Word));
            cells[(word, outcome.File)] = Cell(outcome);
        }
        foreach (var (word, shown) in words.DefaultIfEmpty(new("", "(none)")))
        {
            table.Add([
                shown,
                .. files.Select(file =>
                    cells.TryGetValue((word, file), out var cell)
                        ? cell
                        : wholeFiles.GetValueOrDefault(file, new TableCell("", Tone.Absent))
                ),
            ]);
        }
        table.Render(text, style);
    }

    private static string Column(string file, string? model) =>
        model is not null && file.StartsWith(model + " ", StringComparison.Ordinal)
            ? file[(model.Length + 1)..]
            : file;

    private static TableCell Cell(EchoOutcome outcome) =>
        outcome is { Status: RowStatus.Ok, Top1: { } top1 }
            ? TableCell.Outcome(top1, outcome.Echo, outcome.NearTie, outcome.PublishedMatch)
            : TableCell.Absent(outcome.Status, outcome.TokenCount);

    private static void Legend(StringBuilder text, List<EchoOutcome> outcomes)
    {
        text.Append(TableCell.HitMark).Append(" an echo: the word itself came back\n");
        if (outcomes.Any(outcome => outcome.NearTie))
        {
            text.Append(TableCell.NearTieMark)
                .Append(" a near tie: another batch size or CPU may flip it\n");
        }
        if (outcomes.Any(outcome => outcome.Status == RowStatus.NotSingleToken))
        {
            text.Append(
                "(2 tokens): the word is not a single token of this model, so it was not measured\n"
            );
        }
        if (outcomes.Any(outcome => outcome.Status == RowStatus.NoBos))
        {
            text.Append("no BOS: the file declares none\n");
        }
    }

    private static void Agreement(StringBuilder text, List<EchoOutcome> outcomes)
    {
        var compared = outcomes
            .Where(outcome => outcome.PublishedMatch is not null || outcome.PublishedUnmeasured)
            .GroupBy(outcome => outcome.File)
            .ToList();
        if (compared.Count == 0)
        {
            return;
        }
        TableCell.PublishedLegend(text, true);
        text.Append('\n');
        foreach (var file in compared)
        {
            var agreeing = file.Count(outcome => outcome.PublishedMatch == true);
            var unmeasured = file.Count(outcome => outcome.PublishedUnmeasured);
            text.Append(
                CultureInfo.InvariantCulture,
                $"{file.Key}: {agreeing} of {file.Count()} cells agree with the published table"
            );
            if (unmeasured > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" ({unmeasured} not measured)");
            }
            text.Append('\n');
        }
    }
}
