using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using Spectre.Console;

namespace EchoRate.Reports.Screen;

/// <summary>How tables are laid out.</summary>
public sealed record TableStyle
{
    /// <summary>Columns of the terminal; tables that are wider are cut into several. Null where lines may be as long as they like.</summary>
    public int? Width { get; init; }

    /// <summary>Whether cells are coloured with ANSI codes.</summary>
    public bool Colour { get; init; }
}

/// <summary>
/// A Markdown pipe table whose columns are aligned, so that it reads as well in a terminal. Where it is wider than the terminal it
/// becomes several tables, the leading columns repeated in each.
/// </summary>
public static class ScreenTable
{
    private const int NarrowestColumn = 3;

    // "| a | b |": three columns of the terminal beside each cell, and one more.
    private const int Frame = 3;

    /// <summary>The table without its caption, lines ending in a line feed.</summary>
    public static string Render(DataTable table, TableStyle style)
    {
        var cells = table.Rows.Select(row => row.Select(Shown).ToArray()).ToList();
        int[] widths =
        [
            .. table.Columns.Select(
                (column, index) =>
                    cells
                        .Select(row => row[index])
                        .Append(Escape(column.Name))
                        .Max(text => Math.Max(NarrowestColumn, text.GetCellWidth()))
            ),
        ];
        return string.Join(
            '\n',
            Chunks(widths, table.Leading, style.Width ?? int.MaxValue)
                .Select(columns => Render(table, cells, columns, widths, style.Colour))
        );
    }

    private static string Render(
        DataTable data,
        List<string[]> cells,
        List<int> columns,
        int[] widths,
        bool colour
    )
    {
        var table = new Table().Border(TableBorder.Markdown);
        foreach (var column in columns)
        {
            table.AddColumn(
                new TableColumn(new Text(Escape(data.Columns[column].Name)))
                {
                    Alignment = data.Columns[column].IsNumber ? Justify.Right : null,
                    Width = widths[column],
                }
            );
        }
        foreach (var (row, texts) in data.Rows.Zip(cells))
        {
            table.AddRow(columns.Select(column => new Text(texts[column], Style(row[column]))));
        }
        using var text = new StringWriter();
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(text),
            }
        );
        console.Profile.Width = columns.Sum(column => widths[column] + Frame) + 1;
        console.Write(table);
        // Spectre puts an empty line above and below.
        return text.ToString().ReplaceLineEndings("\n").Trim(' ', '\n') + "\n";
    }

    private static IEnumerable<List<int>> Chunks(int[] widths, int leading, int available)
    {
        var first = Enumerable.Range(0, leading).ToList();
        var chunk = first.ToList();
        for (var column = leading; column < widths.Length; column++)
        {
            var used = 1 + chunk.Append(column).Sum(taken => widths[taken] + Frame);
            if (chunk.Count > leading && used > available)
            {
                yield return chunk;
                chunk = first.ToList();
            }
            chunk.Add(column);
        }
        yield return chunk;
    }

    private static Style? Style(DataCell cell) =>
        cell.Kind switch
        {
            CellKind.Hit => new Style(Color.Green),
            CellKind.Near => new Style(Color.Olive),
            CellKind.Absent => new Style(Color.Grey),
            _ => null,
        };

    // A vertical bar would end the cell; in a piece its hexadecimal escape reads back as the same byte.
    private static string Shown(DataCell cell)
    {
        var text = cell.IsPiece
            ? cell.Text.Replace("|", @"\x7c", StringComparison.Ordinal)
            : cell.Text;
        return Escape(cell.Marks.Length > 0 ? $"{text} {cell.Marks}" : text);
    }

    private static string Escape(string text) =>
        TerminalText.Of(text).Replace("|", @"\|", StringComparison.Ordinal);
}
