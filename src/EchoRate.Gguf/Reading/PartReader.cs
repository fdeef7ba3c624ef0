using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Opens one file, and says in which way it is no GGUF file before the header is read.</summary>
internal static class PartReader
{
    /// <summary>The file's header; null, with at least one error, where it cannot be read to its end.</summary>
    internal static PartHeader? Read(string path, ProblemList problems)
    {
        try
        {
            return Open(path, problems);
        }
        catch (HeaderEndsException)
        {
            // The list says why.
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            problems.Error(FileMissing, $"There is no file '{path}'.");
        }
        catch (UnauthorizedAccessException)
        {
            problems.Error(NoPermission, $"This user may not read '{path}'.");
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            problems.Error(Unreadable, $"'{path}' could not be read: {e.Message}");
        }
        return null;
    }

    private static PartHeader Open(string path, ProblemList problems)
    {
        // No file system has such a name, and .NET throws at the mere asking.
        if (path.Contains('\0'))
        {
            throw problems.End(FileMissing, "A path with a zero character names no file.");
        }
        if (Directory.Exists(path))
        {
            throw problems.End(IsDirectory, $"'{path}' is a directory; a .gguf file is needed.");
        }
        // Asked before opening: opening a pipe would wait for its other end.
        if (new FileInfo(path).Length == 0)
        {
            throw problems.End(EmptyFile, "The file is empty.");
        }
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        RequireGguf(stream, problems);
        stream.Position = 0;
        return new HeaderReader(new(stream, stream.Length, problems), problems).Read();
    }

    // Downloads that went wrong leave an LFS pointer or an HTML page under the model's name.
    private static void RequireGguf(FileStream stream, ProblemList problems)
    {
        var buffer = new byte[64];
        var start = buffer.AsSpan(
            0,
            stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)
        );
        if (start.StartsWith(GgufFormat.Magic))
        {
            return;
        }
        if (start.StartsWith("version https://git-lfs"u8))
        {
            throw problems.End(
                LfsPointer,
                "The file is a Git LFS pointer: the model itself was not downloaded."
            );
        }
        if (
            !start.ContainsAnyExceptInRange((byte)'\t', (byte)'~')
            && !start.ContainsAnyInRange((byte)14, (byte)31)
        )
        {
            throw problems.End(
                TextFile,
                "The file is text, not GGUF: perhaps an error page saved as a model."
            );
        }
        if (OtherFormats.Of(start) is { } other)
        {
            throw problems.End(OtherFormat, other);
        }
        var magic = Convert.ToHexStringLower(start[..Math.Min(4, start.Length)]);
        throw problems.End(
            BadMagic,
            $"The file begins with the bytes {magic}, not with 47475546 (GGUF)."
        );
    }
}
