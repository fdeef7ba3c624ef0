using EchoRate.Core.Arms;
using EchoRate.Core.Text;
using Spectre.Console;

namespace EchoRate.Reports.Page;

/// <summary>How figures and conditions read in sentences, tables and charts.</summary>
internal static class PageText
{
    /// <summary>A number; empty where there is none.</summary>
    public static string Of(double? value, string format) => value?.ToString(format) ?? "";

    /// <summary>A rate in percent, where the column says so: with the digits that sentences and the report have.</summary>
    public static string Percent(double? rate, string format) =>
        rate?.ToString(format)[..^" %".Length] ?? "";

    /// <summary>A count; empty where there is none.</summary>
    public static string Of(long? value) => value?.ToString("N0") ?? "";

    /// <summary>A condition in words.</summary>
    public static string Condition(string arm) =>
        arm == Arm.Without.Name ? "without BOS"
        : arm == Arm.With.Name ? "with BOS"
        : "behind other tokens";

    /// <summary>A sentence that is not broken within a piece such as <c>' Mary'</c>, nor between a number and what belongs to it.</summary>
    public static string Glued(string text) =>
        text.Replace(" ' ", " '\u00a0", StringComparison.Ordinal)
            .Replace(" %", "\u00a0%", StringComparison.Ordinal)
            .Replace("p = ", "p\u00a0=\u00a0", StringComparison.Ordinal)
            .Replace("p < ", "p\u00a0<\u00a0", StringComparison.Ordinal);

    /// <summary>A p-value as a sentence has it.</summary>
    public static string P(double? p) => p < 0.0001 ? "p < 0.0001" : $"p = {p:G2}";

    /// <summary>Bytes in piece form within a sentence. A vertical bar would look like the end of a cell; its hexadecimal escape reads back as the same byte.</summary>
    public static string Piece(byte[] bytes, int mostColumns) =>
        Cut(
            PieceNotation.Format(bytes).Replace("|", @"\x7c", StringComparison.Ordinal),
            mostColumns,
            "…'"
        );

    /// <summary>A text, cut where it is longer than so many columns of a terminal.</summary>
    public static string Cut(string text, int mostColumns, string ellipsis = "…")
    {
        if (text.GetCellWidth() <= mostColumns)
        {
            return text;
        }
        var (kept, room) = (0, mostColumns - ellipsis.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.ToString().GetCellWidth();
            if (room < 0)
            {
                break;
            }
            kept += rune.Utf16SequenceLength;
        }
        return text[..kept] + ellipsis;
    }

    /// <summary>A text from outside on one line, nothing invisible in it.</summary>
    public static string Line(string? text) => TerminalText.Of(text ?? "").ReplaceLineEndings(" ");
}
