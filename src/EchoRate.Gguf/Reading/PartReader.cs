using System.Buffers.Binary;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Opens one file, and says in which way it is no GGUF file before the header is read.</summary>
internal static class PartReader
{
    /// <summary>The file's header; null, with at least one error, where it cannot be read to its end.</summary>
    internal static GgufPart? Read(string path, ProblemList problems)
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

    private static GgufPart Open(string path, ProblemList problems)
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
        return new HeaderReader(path, new(stream, stream.Length, problems), problems).Read();
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
        if (OtherFormatOf(start) is { } other)
        {
            throw problems.End(OtherFormat, other);
        }
        var magic = Convert.ToHexStringLower(start[..Math.Min(4, start.Length)]);
        throw problems.End(
            BadMagic,
            $"The file begins with the bytes {magic}, not with 47475546 (GGUF)."
        );
    }

    // What else people have under a model's name, and what to do; null where nothing is known of it.
    private static string? OtherFormatOf(ReadOnlySpan<byte> start) =>
        start switch
        {
            [.. var four] when IsOldGgml(four) =>
                "The file is of a GGML format from before August 2023, which llama.cpp does not read any more; get the model as GGUF.",
            [(byte)'P', (byte)'K', 3, 4, ..] =>
                "The file is a zip archive, as PyTorch's .bin and .pt files are, not GGUF; unpack it, or get the model as GGUF.",
            [0x1f, 0x8b, ..] or [0x28, 0xb5, 0x2f, 0xfd, ..] or [0xfd, (byte)'7', (byte)'z', ..] =>
                "The file is compressed; unpack it first.",
            [_, _, _, _, _, _, 0, 0, (byte)'{', ..]
                when BinaryPrimitives.ReadInt64LittleEndian(start) > 0 =>
                "The file is in safetensors format, not GGUF; get the model as GGUF, or convert it with llama.cpp's convert_hf_to_gguf.py.",
            _ => null,
        };

    // "ggml", "ggmf", "ggjt", "ggla" as numbers, so from back to front.
    private static bool IsOldGgml(ReadOnlySpan<byte> start) =>
        start.StartsWith("lmgg"u8)
        || start.StartsWith("fmgg"u8)
        || start.StartsWith("tjgg"u8)
        || start.StartsWith("algg"u8);
}
