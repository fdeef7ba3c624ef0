using System.Globalization;
using System.Text;

namespace EchoRate.Core.Text;

/// <summary>
/// The piece form of bytes: the text in single quotes, as the published table prints it (<c>' John'</c>), with C-style escapes for
/// control characters, quotes and backslashes, and <c>\xNN</c> for bytes that are not UTF-8. <see cref="TryParse"/> gives the same bytes back.
/// </summary>
public static class PieceNotation
{
    /// <summary>The piece form of the bytes.</summary>
    public static string Format(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length + 2).Append('\'');
        while (!bytes.IsEmpty)
        {
            if (
                Rune.DecodeFromUtf8(bytes, out var rune, out var consumed)
                != System.Buffers.OperationStatus.Done
            )
            {
                foreach (var broken in bytes[..consumed])
                {
                    AppendHex(text, broken);
                }
            }
            else
            {
                AppendRune(text, rune, bytes[..consumed]);
            }
            bytes = bytes[consumed..];
        }
        return text.Append('\'').ToString();
    }

    /// <summary>The piece form of a text.</summary>
    public static string Format(string text) => Format(Encoding.UTF8.GetBytes(text));

    /// <summary>Reads a piece form back into its bytes.</summary>
    public static bool TryParse(string piece, out byte[] bytes)
    {
        bytes = [];
        if (piece.Length < 2 || piece[0] != '\'' || piece[^1] != '\'')
        {
            return false;
        }
        var inner = piece.AsSpan(1, piece.Length - 2);
        using var result = new MemoryStream(inner.Length);
        while (!inner.IsEmpty)
        {
            if (inner[0] != '\\')
            {
                var until = inner.IndexOf('\\');
                var plain = until < 0 ? inner : inner[..until];
                result.Write(Encoding.UTF8.GetBytes(plain.ToArray()));
                inner = inner[plain.Length..];
                continue;
            }
            if (!TryReadEscape(inner, out var value, out var length))
            {
                return false;
            }
            result.WriteByte(value);
            inner = inner[length..];
        }
        bytes = result.ToArray();
        return true;
    }

    private static void AppendRune(StringBuilder text, Rune rune, ReadOnlySpan<byte> utf8)
    {
        switch (rune.Value)
        {
            case '\n':
                text.Append("\\n");
                break;
            case '\r':
                text.Append("\\r");
                break;
            case '\t':
                text.Append("\\t");
                break;
            case '\'':
                text.Append("\\'");
                break;
            case '\\':
                text.Append("\\\\");
                break;
            default:
                if (IsInvisible(rune))
                {
                    foreach (var value in utf8)
                    {
                        AppendHex(text, value);
                    }
                }
                else
                {
                    text.Append(rune.ToString());
                }
                break;
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

    private static void AppendHex(StringBuilder text, byte value) =>
        text.Append("\\x").Append(value.ToString("x2", CultureInfo.InvariantCulture));

    private static bool TryReadEscape(ReadOnlySpan<char> text, out byte value, out int length)
    {
        (value, length) =
            text.Length < 2
                ? ((byte)0, 0)
                : text[1] switch
                {
                    'n' => ((byte)'\n', 2),
                    'r' => ((byte)'\r', 2),
                    't' => ((byte)'\t', 2),
                    '\'' => ((byte)'\'', 2),
                    '\\' => ((byte)'\\', 2),
                    'x'
                        when text.Length >= 4
                            && byte.TryParse(
                                text[2..4],
                                NumberStyles.AllowHexSpecifier,
                                null,
                                out var hex
                            ) => (hex, 4),
                    _ => ((byte)0, 0),
                };
        return length > 0;
    }
}
