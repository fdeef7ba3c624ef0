using System.Buffers;
using System.Globalization;
using System.Text;

namespace EchoRate.Core.Text;

/// <summary>
/// The piece form of bytes: the text in single quotes, as the published table prints it (<c>' John'</c>), with C-style escapes for
/// control characters, quotes and backslashes, and <c>\xNN</c> for bytes that are not UTF-8. <see cref="TryParse"/> gives the same bytes back.
/// </summary>
public static class PieceNotation
{
    private const string Escaped = "\n\r\t'\\";

    // What stands for each of them behind a backslash.
    private const string Letters = "nrt'\\";

    /// <summary>The piece form of the bytes.</summary>
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        var utf8 = new ArrayBufferWriter<byte>(bytes.Length + 16);
        Write(bytes, utf8);
        return Encoding.UTF8.GetString(utf8.WrittenSpan);
    }

    /// <summary>The piece form of a text.</summary>
    public static string Format(string text) => Format(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes the piece form of the bytes as UTF-8, without a string in between.</summary>
    public static void Write(ReadOnlySpan<byte> bytes, IBufferWriter<byte> utf8)
    {
        utf8.Write("'"u8);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            var part = bytes[..consumed];
            if (status == OperationStatus.Done)
            {
                WriteRune(rune, part, utf8);
            }
            else
            {
                WriteHex(part, utf8);
            }
            bytes = bytes[consumed..];
        }
        utf8.Write("'"u8);
    }

    /// <summary>Whether a text has the outer look of a piece form: two single quotes at its ends.</summary>
    public static bool IsQuoted(ReadOnlySpan<char> text) =>
        text.Length >= 2 && text[0] == '\'' && text[^1] == '\'';

    /// <summary>
    /// Reads a piece form back into its bytes. A quote within needs no backslash (the published table's <c>''s'</c> is read);
    /// an unknown escape, or half a surrogate pair, is none.
    /// </summary>
    public static bool TryParse(string piece, out byte[] bytes)
    {
        bytes = [];
        if (!IsQuoted(piece))
        {
            return false;
        }
        var inner = piece.AsSpan(1, piece.Length - 2);
        var result = new ArrayBufferWriter<byte>(inner.Length + 1);
        while (!inner.IsEmpty)
        {
            if (inner[0] == '\\')
            {
                if (!TryReadEscape(inner, out var value, out var length))
                {
                    return false;
                }
                result.Write([value]);
                inner = inner[length..];
            }
            else if (
                Rune.DecodeFromUtf16(inner, out var rune, out var consumed) == OperationStatus.Done
            )
            {
                result.Advance(rune.EncodeToUtf8(result.GetSpan(4)));
                inner = inner[consumed..];
            }
            else
            {
                return false;
            }
        }
        bytes = result.WrittenSpan.ToArray();
        return true;
    }

    private static void WriteRune(Rune rune, ReadOnlySpan<byte> encoded, IBufferWriter<byte> utf8)
    {
        if (rune.IsAscii && Escaped.IndexOf((char)rune.Value) is >= 0 and var at)
        {
            utf8.Write([(byte)'\\', (byte)Letters[at]]);
        }
        else if (IsInvisible(rune))
        {
            WriteHex(encoded, utf8);
        }
        else
        {
            utf8.Write(encoded);
        }
    }

    // Format characters (zero-width, bidi overrides), line separators and private or unassigned code points look like nothing or like
    // something else in a cell.
    private static bool IsInvisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;

    private static void WriteHex(ReadOnlySpan<byte> bytes, IBufferWriter<byte> utf8)
    {
        foreach (var value in bytes)
        {
            var digits = "0123456789abcdef"u8;
            utf8.Write([(byte)'\\', (byte)'x', digits[value >> 4], digits[value & 15]]);
        }
    }

    private static bool TryReadEscape(ReadOnlySpan<char> text, out byte value, out int length)
    {
        (value, length) = (0, 0);
        if (text.Length >= 2 && Letters.IndexOf(text[1]) is >= 0 and var at)
        {
            (value, length) = ((byte)Escaped[at], 2);
        }
        else if (
            text.Length >= 4
            && text[1] == 'x'
            && byte.TryParse(text[2..4], NumberStyles.AllowHexSpecifier, null, out value)
        )
        {
            length = 4;
        }
        return length > 0;
    }
}
