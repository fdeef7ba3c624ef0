using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EchoRate.Core.Text;

/// <summary>Text from outside as a terminal may see it: without what breaks a line, moves the cursor or turns the text around.</summary>
public static partial class TerminalText
{
    /// <summary>The text; in piece form where it holds any of that. For a name or a value, which is one word.</summary>
    public static string Of(string text) =>
        text.EnumerateRunes().Any(Disturbs) ? PieceNotation.Format(text) : text;

    /// <summary>The text, each such character as an escape (<c>\x1b</c>). For sentences, whose line breaks and tabs stay.</summary>
    public static string Escaped(ReadOnlySpan<char> text)
    {
        var escaped = new StringBuilder(text.Length);
        while (!text.IsEmpty)
        {
            // Half a surrogate pair is no rune, and disturbs nobody; its other half may come with the next call.
            Rune.DecodeFromUtf16(text, out var rune, out var length);
            var part = text[..length];
            if (Disturbs(rune) && !IsLayout(text))
            {
                escaped.Append(PieceNotation.Format(rune.ToString()).AsSpan()[1..^1]);
            }
            else
            {
                escaped.Append(part);
            }
            text = text[length..];
        }
        return escaped.ToString();
    }

    /// <summary>As <see cref="Escaped"/>, but colours pass (ECMA-48's SGR, <c>ESC [ … m</c>), which tables have of their own.</summary>
    public static string EscapedButColours(string text)
    {
        var passed = new StringBuilder(text.Length);
        var end = 0;
        foreach (var colour in Colour().EnumerateMatches(text))
        {
            passed.Append(Escaped(text.AsSpan(end, colour.Index - end)));
            end = colour.Index + colour.Length;
            passed.Append(text, colour.Index, colour.Length);
        }
        return passed.Append(Escaped(text.AsSpan(end))).ToString();
    }

    [GeneratedRegex(@"\x1b\[[0-9;]*m", RegexOptions.CultureInvariant)]
    private static partial Regex Colour();

    // A lone CR would let the rest overwrite the line.
    private static bool IsLayout(ReadOnlySpan<char> text) =>
        text[0] is '\n' or '\t' || text.StartsWith("\r\n");

    private static bool Disturbs(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;

    /// <summary>A word as a shell takes it: whatever is not plain is quoted.</summary>
    public static string ForShell(string word) =>
        word.Length > 0
        && word.All(letter =>
            char.IsAsciiLetterOrDigit(letter)
            || "-_./:,=+@%".Contains(letter, StringComparison.Ordinal)
        )
            ? word
        : OperatingSystem.IsWindows() ? $"\"{word.TrimEnd('\\')}\""
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
