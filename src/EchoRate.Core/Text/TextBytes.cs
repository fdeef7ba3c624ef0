using System.Buffers;
using System.Text;

namespace EchoRate.Core.Text;

/// <summary>
/// The bytes of a text, nothing lost: UTF-8, and for half a surrogate pair the three bytes that its code point would have
/// ("WTF-8"), where <see cref="Encoding.UTF8"/> would put a replacement character.
/// </summary>
public static class TextBytes
{
    /// <summary>The bytes of the text.</summary>
    public static byte[] Of(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\ud800', '\udfff'))
        {
            var bytes = new byte[Encoding.UTF8.GetByteCount(text)];
            Encoding.UTF8.GetBytes(text, bytes);
            return bytes;
        }
        var utf8 = new ArrayBufferWriter<byte>(text.Length + 16);
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(text, out var rune, out var consumed);
            if (status == OperationStatus.Done)
            {
                utf8.Advance(rune.EncodeToUtf8(utf8.GetSpan(4)));
            }
            else
            {
                var half = text[0];
                utf8.Write([
                    (byte)(0xE0 | (half >> 12)),
                    (byte)(0x80 | ((half >> 6) & 0x3F)),
                    (byte)(0x80 | (half & 0x3F)),
                ]);
            }
            text = text[consumed..];
        }
        return utf8.WrittenSpan.ToArray();
    }
}
