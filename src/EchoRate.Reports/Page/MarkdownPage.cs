using System.Text;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Page;

/// <summary>A report as Markdown (GitHub's), for a pull request or a blog post: charts are their tables, long tables their beginning.</summary>
public static class MarkdownPage
{
    private const int MostRows = 40;

    /// <summary>The page.</summary>
    public static string Render(ReportDocument document)
    {
        var text = new StringBuilder($"# {Escape(document.Title)}\n");
        foreach (var section in document.Sections)
        {
            text.Append($"\n## {Escape(section.Title)}\n");
            foreach (var block in section.Blocks)
            {
                text.Append('\n').Append(Block(block)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static string Block(ReportBlock block) =>
        block switch
        {
            Heading heading => $"### {Escape(heading.Text)}",
            Words words => Escape(words.Text),
            Lines lines => string.Join('\n', lines.Items.Select(line => $"- {Escape(line)}")),
            Verbatim verbatim => Fenced(
                TerminalText.Escaped(verbatim.Text).ReplaceLineEndings(" ")
            ),
            Figures figures => Table(figures.Behind),
            DataTable table => Table(table),
            _ => throw new ArgumentOutOfRangeException(nameof(block), block, null),
        };

    private static string Table(DataTable table)
    {
        var text = new StringBuilder($"{Escape(table.Caption)}:\n\n");
        Row(text, table.Columns.Select(column => Escape(column.Name)));
        Row(text, table.Columns.Select(column => column.IsNumber ? "---:" : "---"));
        foreach (var row in table.IsLong ? table.Rows.Take(MostRows) : table.Rows)
        {
            Row(text, row.Select(Cell));
        }
        if (table.IsLong && table.Rows.Count > MostRows)
        {
            text.Append($"\n{MostRows} of {table.Rows.Count:N0} rows; report.html has them all.\n");
        }
        return text.ToString().TrimEnd('\n');
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");

    private static string Cell(DataCell cell)
    {
        var text = cell.IsPiece ? Code(cell.Text) : Escape(cell.Text);
        // A tilde may strike out what stands between it and another one.
        return cell.Marks.Length > 0 ? $"{text} {Escape(cell.Marks)}" : text;
    }

    // Between backticks nothing is markup but a longer run of them; the bar would still end the cell.
    private static string Code(string text)
    {
        var fence = new string('`', LongestRun(text) + 1);
        return $"{fence}{TerminalText.Escaped(text).Replace("|", @"\|", StringComparison.Ordinal)}{fence}";
    }

    private static string Fenced(string text)
    {
        var fence = new string('`', Math.Max(3, LongestRun(text) + 1));
        return $"{fence}console\n{text}\n{fence}";
    }

    private static int LongestRun(string text)
    {
        var (longest, run) = (0, 0);
        foreach (var letter in text)
        {
            run = letter == '`' ? run + 1 : 0;
            longest = Math.Max(longest, run);
        }
        return longest;
    }

    private static string Escape(string text)
    {
        var line = TerminalText.Escaped(text).ReplaceLineEndings(" ");
        var escaped = new StringBuilder(line.Length + 8);
        foreach (var (at, letter) in line.Index())
        {
            if (
                @"\`*_[]<>#|~&$".Contains(letter, StringComparison.Ordinal)
                && !IsWithinWord(line, at)
            )
            {
                escaped.Append('\\');
            }
            escaped.Append(letter);
        }
        return escaped.ToString();
    }

    // GitHub's Markdown takes the underscores of Q4_K_M for what they are.
    private static bool IsWithinWord(string text, int at) =>
        text[at] == '_'
        && at > 0
        && at + 1 < text.Length
        && char.IsAsciiLetterOrDigit(text[at - 1])
        && char.IsAsciiLetterOrDigit(text[at + 1]);
}
