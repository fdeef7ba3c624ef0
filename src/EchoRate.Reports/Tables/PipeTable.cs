using EchoRate.Core.Text;
using Spectre.Console;

namespace EchoRate.Reports.Tables;

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
/// <param name="headers">The column headers.</param>
/// <param name="leading">How many columns are repeated.</param>
/// <param name="right">Columns whose cells are flush right: numbers.</param>
internal sealed class PipeTable(IReadOnlyList<string> headers, int leading, int[]? right = null)
{
    private const int NarrowestColumn = 3;

    // "| a | b |": three columns of the terminal beside each cell, and one more.
    private const int Frame = 3;

    private readonly List<TableCell[]> _rows = [];

    public void Add(params TableCell[] cells) => _rows.Add(cells);

    /// <summary>The table, lines ending in a line feed.</summary>
    public string Render(TableStyle style)
    {
        var widths = Enumerable.Range(0, headers.Count).Select(WidthOf).ToArray();
        return string.Join(
            '\n',
            Chunks(widths, style.Width ?? int.MaxValue)
                .Select(columns => Render(columns, widths, style.Colour))
        );
    }

    private string Render(List<int> columns, int[] widths, bool colour)
    {
        var table = new Table().Border(TableBorder.Markdown);
        foreach (var column in columns)
        {
            table.AddColumn(
                new TableColumn(new Text(Escape(headers[column])))
                {
                    Alignment = right?.Contains(column) == true ? Justify.Right : null,
                    Width = widths[column],
                }
            );
        }
        foreach (var row in _rows)
        {
            table.AddRow(
                columns.Select(column => new Text(Escape(row[column].Text), Style(row[column])))
            );
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

    private int WidthOf(int column) =>
        _rows
            .Select(row => row[column].Text)
            .Append(headers[column])
            .Max(text => Math.Max(NarrowestColumn, Escape(text).GetCellWidth()));

    private IEnumerable<List<int>> Chunks(int[] widths, int available)
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

    private static Style? Style(TableCell cell) =>
        cell.Tone switch
        {
            Tone.Hit => new Style(Color.Green),
            Tone.NearTie => new Style(Color.Olive),
            Tone.Absent => new Style(Color.Grey),
            _ => null,
        };

    private static string Escape(string text) =>
        TerminalText.Of(text).Replace("|", @"\|", StringComparison.Ordinal);
}

/// <summary>A table of plain texts, for lists that are no measurements.</summary>
public static class PlainTable
{
    /// <summary>The table, lines ending in a line feed.</summary>
    /// <param name="headers">The column headers.</param>
    /// <param name="right">Columns that are flush right: numbers.</param>
    /// <param name="leading">How many columns are repeated where the table is wider than the terminal.</param>
    /// <param name="rows">The cells, as many in each row as there are headers.</param>
    /// <param name="style">The terminal's width and colours.</param>
    public static string Render(
        IReadOnlyList<string> headers,
        int[] right,
        int leading,
        IEnumerable<IReadOnlyList<string>> rows,
        TableStyle style
    )
    {
        var table = new PipeTable(headers, leading, right);
        foreach (var row in rows)
        {
            table.Add([.. row.Select(text => new TableCell(text))]);
        }
        return table.Render(style);
    }
}
