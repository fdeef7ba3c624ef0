using System.Globalization;
using System.Text;
using EchoRate.Core.Text;

namespace EchoRate.Cli.Inspecting;

/// <summary>Text from a file as a terminal may see it: as it is, but in piece form where it holds what breaks a line or moves the cursor.</summary>
internal static class TerminalText
{
    /// <summary>The text, or its piece form.</summary>
    public static string Of(string text) =>
        text.EnumerateRunes().Any(Disturbs) ? PieceNotation.Format(text) : text;

    private static bool Disturbs(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
