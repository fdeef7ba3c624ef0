using System.Text;
using System.Text.RegularExpressions;

namespace EchoRate.Hub.Manifests;

/// <summary>Reads a manifest's bytes, and turns them into text that a YAML parser may see.</summary>
internal static partial class ManifestText
{
    private static readonly UTF8Encoding _strictUtf8 = new(false, throwOnInvalidBytes: true);

    // Some 1,500 files.
    private const int MostBytes = 256 * 1024;

    /// <summary>All bytes of a file; of one that is too large, one more than allowed.</summary>
    public static byte[] Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw Wrong(path, "is a folder, not a manifest file");
        }
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[MostBytes + 1];
            return buffer[..file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            var cause = $"cannot be read: {Wording.Plain(e.Message)}";
            throw Wrong(path, File.Exists(path) ? cause : "no such file");
        }
    }

    /// <summary>The text without its byte order mark.</summary>
    public static string Decode(byte[] content, string path)
    {
        if (content.AsSpan().StartsWith("GGUF"u8))
        {
            throw Wrong(path, "is a GGUF file, not a manifest; --file takes it");
        }
        if (content.Length > MostBytes)
        {
            throw Wrong(
                path,
                $"is larger than {MostBytes / 1024} KiB, the most that a manifest may be"
            );
        }
        var text = StrictText(content is [0xEF, 0xBB, 0xBF, ..] ? content[3..] : content, path);
        if (Refused().Match(text) is { Success: true, Value: [.., var character] } match)
        {
            throw Wrong(
                path,
                character == '\t'
                    ? "a tab in the indentation; YAML is indented with spaces"
                    : $"the character U+{(int)character:X4} may not stand in a manifest",
                text[..(match.Index + match.Length - 1)]
            );
        }
        return text;
    }

    private static string StrictText(byte[] bytes, string path)
    {
        try
        {
            return _strictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw Wrong(
                path,
                $"the byte 0x{e.BytesUnknown![0]:x2} is not UTF-8; save the file as UTF-8",
                Encoding.UTF8.GetString(bytes[..e.Index])
            );
        }
    }

    // The parser takes a tab for indentation in some places, refuses it in others, even in blank lines and before
    // comments, and then names another line. So none may stand before the first character of any line.
    // YamlDotNet takes NUL for the end of the text, and counts U+0085 and U+2028 as line breaks, which editors do not.
    [GeneratedRegex(@"(?<=^|[\r\n]) *\t|[\p{Cc}\u2028\u2029\uFEFF-[\t\r\n]]")]
    private static partial Regex Refused();

    private static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static ManifestException Wrong(string path, string text) => new(path, 0, 0, text);

    private static ManifestException Wrong(string path, string text, string before)
    {
        var lines = Lines(before);
        return new(path, lines.Length, lines[^1].Length + 1, text);
    }
}
