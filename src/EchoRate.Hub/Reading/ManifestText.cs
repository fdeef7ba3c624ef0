using System.Buffers;
using System.Globalization;
using System.Text;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>Turns a manifest's bytes into text that a YAML parser may see.</summary>
internal static class ManifestText
{
    /// <summary>The largest manifest that is read: some 1,500 files.</summary>
    public const int MostBytes = 256 * 1024;

    /// <summary>The text without its byte order mark.</summary>
    /// <exception cref="ManifestException">Too large, not UTF-8, control characters, or tabs where YAML wants spaces.</exception>
    public static string Decode(byte[] content, string path)
    {
        if (content.AsSpan().StartsWith("GGUF"u8))
        {
            throw Broken(path, 0, 0, "is a GGUF file, not a manifest; --file takes it");
        }
        if (content.Length > MostBytes)
        {
            throw Broken(
                path,
                0,
                0,
                $"is larger than {MostBytes / 1024} KiB, the most that a manifest may be"
            );
        }
        if (
            content.AsSpan().StartsWith((byte[])[0xFF, 0xFE])
            || content.AsSpan().StartsWith((byte[])[0xFE, 0xFF])
        )
        {
            throw Broken(path, 1, 1, "is UTF-16; save it as UTF-8");
        }
        ReadOnlySpan<byte> bytes = content;
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        string text = DecodeUtf8(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes, path);
        RefuseHiddenCharacters(text, path);
        RefuseTabs(text, path);
        return text;
    }

    private static string DecodeUtf8(ReadOnlySpan<byte> bytes, string path)
    {
        StringBuilder text = new(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int used) != OperationStatus.Done)
            {
                (int line, int column) = Place(text.ToString(), text.Length);
                throw Broken(
                    path,
                    line,
                    column,
                    $"the byte 0x{bytes[0]:x2} is not UTF-8; save the file as UTF-8"
                );
            }
            text.Append(rune.ToString());
            bytes = bytes[used..];
        }
        return text.ToString();
    }

    // YamlDotNet takes NUL for the end of the text, and counts U+0085 and U+2028 as line breaks, which editors do not.
    private static void RefuseHiddenCharacters(string text, string path)
    {
        int index = text.AsSpan().IndexOfAny(s_hidden);
        if (index >= 0)
        {
            (int line, int column) = Place(text, index);
            string code = ((int)text[index]).ToString("X4", CultureInfo.InvariantCulture);
            throw Broken(path, line, column, $"the character U+{code} may not stand in a manifest");
        }
    }

    private static readonly SearchValues<char> s_hidden = SearchValues.Create([
        .. Enumerable
            .Range(0, 0xA0)
            .Select(code => (char)code)
            .Where(c => char.IsControl(c) && c is not ('\t' or '\n' or '\r')),
        '\u2028',
        '\u2029',
        '\uFEFF',
    ]);

    // The parser takes a tab for indentation in some places, refuses it in others, even in blank lines and before
    // comments, and then names another line. So none may stand before the first character of any line.
    private static void RefuseTabs(string text, string path)
    {
        List<ManifestProblem> problems = [];
        string[] lines = SplitLines(text);
        for (int i = 0; i < lines.Length; i++)
        {
            int indentation = lines[i].Length - lines[i].TrimStart(' ', '\t').Length;
            int tab = lines[i].AsSpan(0, indentation).IndexOf('\t');
            if (tab >= 0)
            {
                problems.Add(
                    new(i + 1, tab + 1, "a tab in the indentation; YAML is indented with spaces")
                );
            }
        }
        if (problems.Count > 0)
        {
            throw new ManifestException(path, problems);
        }
    }

    private static (int Line, int Column) Place(string text, int index)
    {
        string[] before = SplitLines(text[..index]);
        return (before.Length, before[^1].Length + 1);
    }

    private static string[] SplitLines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    private static ManifestException Broken(string path, int line, int column, string text) =>
        new(path, new ManifestProblem(line, column, text));
}
