using System.Globalization;
using System.Text;

namespace EchoRate.Hub.Reading;

/// <summary>How text from outside is shown in a one-line message.</summary>
internal static class Wording
{
    private const int LongestShown = 60;

    /// <summary>The text in single quotes, cut when long, with escapes for what a terminal would not print.</summary>
    public static string Quote(string text) =>
        text.Length <= LongestShown
            ? $"'{Plain(text)}'"
            : $"'{Plain(text[..LongestShown])}…' ({text.Length.ToString(CultureInfo.InvariantCulture)} characters)";

    /// <summary>The text with escapes for line breaks, control characters and halves of surrogate pairs.</summary>
    public static string Plain(string text)
    {
        StringBuilder plain = new(text.Length);
        foreach (Rune rune in text.EnumerateRunes())
        {
            bool hidden =
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator;
            plain.Append(hidden ? $"\\u{rune.Value:X4}" : rune.ToString());
        }
        return plain.ToString();
    }

    /// <summary><c> (did you mean 'x'?)</c>, or nothing when no candidate looks like the given text.</summary>
    public static string DidYouMean(string given, IReadOnlyList<string> candidates) =>
        Nearest.Of(given, candidates) is { } nearest ? $" (did you mean '{nearest}'?)" : "";
}
