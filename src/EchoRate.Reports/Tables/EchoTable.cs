using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Tables;

/// <summary>
/// The published table, for any files: words down, files across, what came back in the cells; one table per condition, and per model where
/// one has several files.
/// </summary>
public static class EchoTable
{
    /// <summary>Renders the tables; words and files stand in the order first seen. The one row of a file that never started fills its column.</summary>
    public static string Render(IEnumerable<ShownRow<EchoRow>> rows, TableStyle style)
    {
        var all = rows.ToList();
        var hasLadders = all.GroupBy(row => row.Model)
            .Any(model => model.DistinctBy(row => row.File).Count() > 1);
        var text = new StringBuilder();
        foreach (var condition in all.GroupBy(row => row.Condition))
        {
            foreach (var model in condition.GroupBy(row => hasLadders ? row.Model : null))
            {
                var title = model.Key is null ? condition.Key : $"{condition.Key}: {model.Key}";
                text.Append($"Echo {title}\n\n{Table(model.Key, [.. model], style)}\n");
            }
        }
        Legend(text, all);
        Agreement(text, all);
        return text.ToString();
    }

    private static string Table(string? model, List<ShownRow<EchoRow>> rows, TableStyle style)
    {
        var files = rows.Select(row => row.File).Distinct().ToList();
        var table = new PipeTable(
            ["Word", .. files.Select(file => Column(file, model))],
            leading: 1
        );
        // By the whole word: two long ones may look alike when cut.
        var cells = rows.Where(row => row.Row.Item is not null)
            .GroupBy(row => PieceNotation.Format(row.Row.Item!))
            .ToDictionary(
                word => word.Key,
                word =>
                    (
                        Shown: TableCell.Piece(word.First().Row.Item!),
                        Files: word.GroupBy(row => row.File)
                            .ToDictionary(file => file.Key, file => Cell(file.Last().Row))
                    )
            );
        var unstarted = rows.Where(row => row.Row.Item is null)
            .GroupBy(row => row.File)
            .ToDictionary(file => file.Key, file => TableCell.Absent(file.Last().Row.Status));
        foreach (var word in cells.Values.DefaultIfEmpty(("(none)", [])))
        {
            table.Add([
                word.Shown,
                .. files.Select(file =>
                    word.Files.TryGetValue(file, out var cell)
                        ? cell
                        : unstarted.GetValueOrDefault(file, new TableCell(""))
                ),
            ]);
        }
        return table.Render(style);
    }

    private static string Column(string file, string? model) =>
        model is not null && file.StartsWith(model + " ", StringComparison.Ordinal)
            ? file[(model.Length + 1)..]
            : file;

    private static TableCell Cell(EchoRow row) =>
        row is { Status: RowStatus.Ok, Top1: not null }
            ? TableCell.Outcome(row)
            : TableCell.Absent(row.Status, row.TokenizedIds?.Length);

    private static void Legend(StringBuilder text, List<ShownRow<EchoRow>> rows)
    {
        text.Append("= an echo: the word itself came back\n");
        if (rows.Any(row => row.Row.NearTie == true))
        {
            text.Append(TableCell.NearTieLegend);
        }
        if (rows.Any(row => row.Row.Status == RowStatus.NotSingleToken))
        {
            text.Append(
                "(2 tokens): the word is not a single token of this model, so it was not measured\n"
            );
        }
        if (rows.Any(row => row.Row.Status == RowStatus.NoBos))
        {
            text.Append("no BOS: the file declares none\n");
        }
    }

    // A published cell whose word was not measured counts too.
    private static void Agreement(StringBuilder text, List<ShownRow<EchoRow>> rows)
    {
        var compared = rows.Where(row =>
                row.Row is { PublishedTop1: not null } or { PublishedMatch: not null }
            )
            .GroupBy(row => row.File)
            .ToList();
        if (compared.Count == 0)
        {
            return;
        }
        text.Append(TableCell.PublishedLegend).Append('\n');
        foreach (var file in compared)
        {
            var agreeing = file.Count(row => row.Row.PublishedMatch == true);
            var unmeasured = file.Count(row => row.Row.PublishedMatch is null);
            var note = unmeasured > 0 ? $" ({unmeasured} not measured)" : "";
            text.Append(
                $"{file.Key}: {agreeing} of {file.Count()} cells agree with the published table{note}\n"
            );
        }
    }
}
