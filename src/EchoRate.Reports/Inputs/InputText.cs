using System.Text;

namespace EchoRate.Reports.Inputs;

/// <summary>
/// The bytes of an input file as UTF-8 without byte order mark. UTF-16 with a byte order mark is taken too: it is what Excel calls
/// "Unicode text". Everything else that is not UTF-8 is refused, with the line.
/// </summary>
internal static class InputText
{
    // Far above any list that a person keeps by hand; a mistaken model file must not be read into memory.
    private const long MostBytes = 64 << 20;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

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
            throw new InputFileException(
                path,
                null,
                Directory.Exists(path) ? "is a folder; an input is a file." : "does not exist."
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputFileException(path, null, $"cannot be read ({exception.Message})");
        }
        return Decode(path, bytes, savedAs);
    }

    private static ReadOnlyMemory<byte> Decode(string path, byte[] bytes, string savedAs)
    {
        UnicodeEncoding? utf16 = bytes switch
        {
            [0xff, 0xfe, ..] => new(
                bigEndian: false,
                byteOrderMark: true,
                throwOnInvalidBytes: true
            ),
            [0xfe, 0xff, ..] => new(
                bigEndian: true,
                byteOrderMark: true,
                throwOnInvalidBytes: true
            ),
            _ => null,
        };
        var text = bytes.AsMemory(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? 3 : 0);
        if (utf16 is null && text.Span.Contains((byte)0))
        {
            throw new InputFileException(
                path,
                null,
                $@"holds zero bytes, so it is no UTF-8 text; save it as {savedAs} (a zero byte in an item is written '\x00')."
            );
        }
        try
        {
            if (utf16 is not null)
            {
                return Encoding.UTF8.GetBytes(utf16.GetString(bytes, 2, bytes.Length - 2));
            }
            _strict.GetCharCount(text.Span);
            return text;
        }
        catch (DecoderFallbackException e)
        {
            throw utf16 is null
                ? new InputFileException(
                    path,
                    1 + text.Span[..e.Index].Count((byte)'\n'),
                    $"is not UTF-8; save the file as {savedAs}."
                )
                : new InputFileException(
                    path,
                    null,
                    $"begins like UTF-16 and is not; save it as {savedAs}."
                );
        }
    }
}
