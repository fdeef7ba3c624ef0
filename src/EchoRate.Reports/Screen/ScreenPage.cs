using System.Text;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Screen;

/// <summary>Sections of a report on a terminal: charts are their tables, of long tables both ends.</summary>
public static class ScreenPage
{
    // Rows at either end of a long table.
    private const int Ends = 8;

    /// <summary>The text, lines ending in a line feed; empty without a section.</summary>
    public static string Render(IReadOnlyList<ReportSection> sections, TableStyle style)
    {
        var text = new StringBuilder();
        foreach (var section in sections)
        {
            text.Append(text.Length > 0 ? "\n" : "").Append(section.Title).Append('\n');
            foreach (var block in section.Blocks)
            {
                text.Append('\n').Append(Block(block, style));
            }
        }
        return text.ToString();
    }

    private static string Block(ReportBlock block, TableStyle style) =>
        block switch
        {
            Heading heading => heading.Text + "\n",
            Words words => words.Text + "\n",
            Lines lines => string.Concat(lines.Items.Select(line => line + "\n")),
            Verbatim verbatim => verbatim.Text + "\n",
            Figures figures => Table(figures.Behind, style),
            DataTable table => Table(table, style),
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, null),
        };

    private static string Table(DataTable table, TableStyle style)
    {
        var all = table.Rows.Count;
        var isCut = table.IsLong && all > 2 * Ends;
        var shown = isCut
            ? table with
            {
                Rows = [.. table.Rows.Take(Ends), .. table.Rows.TakeLast(Ends)],
            }
            : table;
        return $"{table.Caption}:\n\n{ScreenTable.Render(shown, style)}"
            + (
                isCut
                    ? $"\nThe first and the last {Ends} of {all} rows; report.html has them all.\n"
                    : ""
            );
    }
}
