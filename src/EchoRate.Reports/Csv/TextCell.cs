using System.Buffers;
using System.Text;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Csv;

/// <summary>
/// The rule for cells of text. A text stands as it is, leading space and all, unless a spreadsheet would bend it or nobody could tell
/// what it was; then it takes the piece form:
/// <list type="bullet">
/// <item>in the profiles for spreadsheets: it reads as a number, a date or the like (<see cref="ConvertedText"/>);</item>
/// <item>it begins with <c>=</c>, <c>+</c>, <c>-</c>, <c>@</c>, tab or CR (a formula);</item>
/// <item>it holds a control character (line breaks among them), or is not UTF-8;</item>
/// <item>it looks like a piece form itself, beginning and ending with a single quote: <c>'x'</c> is written <c>'\'x\''</c>;</item>
/// <item>it is empty, written <c>''</c>, since an empty cell means that there is no text.</item>
/// </list>
/// So a cell that begins and ends with a single quote is always a piece form, and reading gives the same bytes back.
/// </summary>
public static class TextCell
{
    /// <summary>Whether bytes can stand as they are, as UTF-8.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> utf8)
    {
        if (
            utf8.IsEmpty
            || IsFormulaStart((char)utf8[0])
            || (utf8.Length >= 2 && utf8[0] == '\'' && utf8[^1] == '\'')
        )
        {
            return false;
        }
        while (!utf8.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            if (status != OperationStatus.Done || Rune.IsControl(rune))
            {
                return false;
            }
            utf8 = utf8[length..];
        }
        return true;
    }

    /// <summary>The bytes of a cell of text or in piece form; null where the piece form has an escape that does not exist.</summary>
    public static byte[]? Read(string cell)
    {
        if (!PieceNotation.IsQuoted(cell))
        {
            return Encoding.UTF8.GetBytes(cell);
        }
        return PieceNotation.TryParse(cell, out var bytes) ? bytes : null;
    }

    private static bool IsFormulaStart(char first) =>
        first is '=' or '+' or '-' or '@' or '\t' or '\r';
}
