using System.Text;

namespace EchoRate.Reports.Tables;

/// <summary>
/// A Markdown pipe table whose columns are aligned, so that it reads as well in a terminal. Where it is wider than the terminal it
/// becomes several tables, the leading columns repeated in each.
/// </summary>
/// <param name="headers">The column headers.</param>
/// <param name="leading">How many columns are repeated.</param>
internal sealed class PipeTable(IReadOnlyList<string> headers, int leading)
{
    private readonly List<TableCell[]> rows = [];
    private readonly HashSet<int> right = [];

    /// <summary>Columns whose cells are flush right: numbers.</summary>
    public PipeTable AlignRight(params ReadOnlySpan<int> columns)
    {
        foreach (var column in columns)
        {
            right.Add(column);
        }
        return this;
    }

    public void Add(params TableCell[] cells) =>
        rows.Add(
            cells.Length == headers.Count
                ? [.. cells.Select(cell => cell with { Text = Escape(cell.Text) })]
                : throw new ArgumentException(
                    $"{cells.Length} cells, {headers.Count} columns.",
                    nameof(cells)
                )
        );

    public void Render(StringBuilder text, TableStyle style)
    {
        var widths = Enumerable.Range(0, headers.Count).Select(ColumnWidth).ToArray();
        var separator = "";
        foreach (var chunk in Chunks(widths, style.Width ?? int.MaxValue))
        {
            text.Append(separator);
            separator = "\n";
            Line(
                text,
                chunk,
                column => Pad(Escape(headers[column]), widths[column], right.Contains(column))
            );
            Line(text, chunk, column => Rule(widths[column], right.Contains(column)));
            foreach (var row in rows)
            {
                Line(
                    text,
                    chunk,
                    column =>
                        Paint(
                            row[column],
                            Pad(row[column].Text, widths[column], right.Contains(column)),
                            style.Colour
                        )
                );
            }
        }
    }

    private int ColumnWidth(int column) =>
        rows.Select(row => DisplayWidth.Of(row[column].Text))
            .Append(DisplayWidth.Of(Escape(headers[column])))
            .Append(3)
            .Max();

    private IEnumerable<List<int>> Chunks(int[] widths, int available)
    {
        // "| a | b |": three columns of the terminal per cell, and one more.
        var first = Enumerable.Range(0, leading).ToList();
        var start = 1 + first.Sum(column => widths[column] + 3);
        var chunk = first.ToList();
        var used = start;
        for (var column = leading; column < widths.Length; column++)
        {
            if (chunk.Count > leading && used + widths[column] + 3 > available)
            {
                yield return chunk;
                chunk = first.ToList();
                used = start;
            }
            chunk.Add(column);
            used += widths[column] + 3;
        }
        yield return chunk;
    }

    private static void Line(StringBuilder text, List<int> columns, Func<int, string> cell)
    {
        foreach (var column in columns)
        {
            text.Append("| ").Append(cell(column)).Append(' ');
        }
        text.Append("|\n");
    }

    private static string Pad(string text, int width, bool right)
    {
        var spaces = new string(' ', width - DisplayWidth.Of(text));
        return right ? spaces + text : text + spaces;
    }

    private static string Rule(int width, bool right) =>
        right ? new string('-', width - 1) + ":" : new string('-', width);

    private static string Paint(TableCell cell, string padded, bool colour)
    {
        var code = cell.Tone switch
        {
            Tone.Hit => "32",
            Tone.NearTie => "33",
            Tone.Absent => "90",
            _ => null,
        };
        return colour && code is not null ? $"\e[{code}m{padded}\e[0m" : padded;
    }

    private static string Escape(string text) => text.Replace("|", @"\|", StringComparison.Ordinal);
}
