using EchoRate.Core.Text;
using EchoRate.Reports.Page;
using Spectre.Console;

namespace EchoRate.Reports.Screen;

/// <summary>Lines that fit.</summary>
internal static class ScreenText
{
    /// <summary>A text in lines of at most this width, broken at blanks; a word that is wider stands alone.</summary>
    public static IEnumerable<string> Wrap(string text, int width)
    {
        var line = "";
        foreach (
            var word in PageText
                .Glued(Line(text))
                .Split(' ')
                .Select(word => word.Replace('\u00a0', ' '))
        )
        {
            if (line.Length > 0 && line.GetCellWidth() + 1 + word.GetCellWidth() > width)
            {
                yield return line;
                line = "";
            }
            line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }

    /// <summary>A text on one line of at most this width.</summary>
    public static string Cut(string text, int width) => PageText.Cut(Line(text), width);

    /// <summary>As many lines as there is room for, the last one saying how many are left out.</summary>
    public static IReadOnlyList<string> Fit(IReadOnlyList<string> lines, int room, string more) =>
        lines.Count <= room
            ? lines
            : [.. lines.Take(room - 1), $"… and {lines.Count - room + 1} more {more}"];

    private static string Line(string text) =>
        TerminalText.Escaped(text).ReplaceLineEndings(" ").Replace('\t', ' ');
}
