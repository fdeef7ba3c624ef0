using System.Text;
using System.Text.Unicode;

namespace EchoRate.Reports.Inputs;

/// <summary>
/// The bytes of an input file as UTF-8 without byte order mark. UTF-16 with a byte order mark is taken too: it is what Excel calls
/// "Unicode text". Everything else that is not UTF-8 is refused, with the line.
/// </summary>
internal static class InputText
{
    // Far above any list that a person keeps by hand; a mistaken model file must not be read into memory.
    private const long MostBytes = 64 << 20;

    /// <summary>The bytes of a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="savedAs">What a person calls the right encoding when saving it.</param>
    public static ReadOnlyMemory<byte> Read(string path, string savedAs = "\"CSV UTF-8\"")
    {
        byte[] bytes;
        try
        {
            var length = new FileInfo(path).Length;
            if (length > MostBytes)
            {
                throw new InputFileException(
                    path,
                    null,
                    $"has {length} bytes; an input file has at most {MostBytes}."
                );
            }
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception exception)
            when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputFileException(path, null, "does not exist.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, null, $"cannot be read ({exception.Message})");
        }
        return Decode(path, bytes, savedAs);
    }

    private static ReadOnlyMemory<byte> Decode(string path, byte[] bytes, string savedAs)
    {
        ReadOnlySpan<byte> start = bytes;
        if (start.StartsWith(Encoding.Unicode.Preamble))
        {
            return FromUtf16(path, bytes, bigEndian: false, savedAs);
        }
        if (start.StartsWith(Encoding.BigEndianUnicode.Preamble))
        {
            return FromUtf16(path, bytes, bigEndian: true, savedAs);
        }
        var text = bytes.AsMemory(start.StartsWith(Encoding.UTF8.Preamble) ? 3 : 0);
        if (text.Span.Contains((byte)0))
        {
            throw new InputFileException(
                path,
                null,
                $@"holds zero bytes, so it is no UTF-8 text; save it as {savedAs} (a zero byte in an item is written '\x00')."
            );
        }
        RequireUtf8(path, text.Span, savedAs);
        return text;
    }

    private static byte[] FromUtf16(string path, byte[] bytes, bool bigEndian, string savedAs)
    {
        var strict = new UnicodeEncoding(bigEndian, byteOrderMark: true, throwOnInvalidBytes: true);
        try
        {
            return Encoding.UTF8.GetBytes(strict.GetString(bytes, 2, bytes.Length - 2));
        }
        catch (DecoderFallbackException)
        {
            throw new InputFileException(
                path,
                null,
                $"begins like UTF-16 and is not; save it as {savedAs}."
            );
        }
    }

    private static void RequireUtf8(string path, ReadOnlySpan<byte> text, string savedAs)
    {
        if (Utf8.IsValid(text))
        {
            return;
        }
        var line = 1;
        foreach (var range in text.Split((byte)'\n'))
        {
            if (!Utf8.IsValid(text[range]))
            {
                break;
            }
            line++;
        }
        throw new InputFileException(path, line, $"is not UTF-8; save the file as {savedAs}.");
    }
}
