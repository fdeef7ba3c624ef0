using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Opens one file, and says in which way it is no GGUF file before the header is read.</summary>
internal static class PartReader
{
    internal static bool TryRead(string path, ProblemList problems, out PartHeader? header)
    {
        header = null;
        try
        {
            // No file system has such a name, and .NET throws at the mere asking.
            if (path.Contains('\0'))
            {
                return problems.Error(FileMissing, "A path with a zero character names no file.");
            }
            if (Directory.Exists(path))
            {
                return problems.Error(
                    IsDirectory,
                    $"'{path}' is a directory; a .gguf file is needed."
                );
            }
            // Asked before opening: opening a pipe would wait for its other end.
            if (new FileInfo(path).Length == 0)
            {
                return problems.Error(EmptyFile, "The file is empty.");
            }
            using var stream = new FileStream(
                path,
                FileMode.Open,
                FileAccess.Read,
                FileShare.Read,
                1
            );
            if (!LooksLikeGguf(stream, problems))
            {
                return false;
            }
            stream.Position = 0;
            var source = new HeaderSource(stream, stream.Length, problems);
            return new HeaderReader(source, problems).TryRead(out header);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return problems.Error(FileMissing, $"There is no file '{path}'.");
        }
        catch (UnauthorizedAccessException)
        {
            return problems.Error(NoPermission, $"This user may not read '{path}'.");
        }
        catch (Exception e) when (e is IOException or NotSupportedException)
        {
            return problems.Error(Unreadable, $"'{path}' could not be read: {e.Message}");
        }
    }

    // Downloads that went wrong leave an LFS pointer or an HTML page under the model's name.
    private static bool LooksLikeGguf(FileStream stream, ProblemList problems)
    {
        var buffer = new byte[64];
        var start = buffer.AsSpan(
            0,
            stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)
        );
        if (start.StartsWith(GgufFormat.Magic))
        {
            return true;
        }
        if (start.StartsWith("version https://git-lfs"u8))
        {
            return problems.Error(
                LfsPointer,
                "The file is a Git LFS pointer: the model itself was not downloaded."
            );
        }
        if (
            !start.ContainsAnyExceptInRange((byte)'\t', (byte)'~')
            && !start.ContainsAnyInRange((byte)14, (byte)31)
        )
        {
            return problems.Error(
                TextFile,
                "The file is text, not GGUF: perhaps an error page saved as a model."
            );
        }
        var magic = Convert.ToHexStringLower(start[..Math.Min(4, start.Length)]);
        return problems.Error(
            BadMagic,
            $"The file begins with the bytes {magic}, not with 47475546 (GGUF)."
        );
    }
}
