namespace EchoRate.Gguf;

/// <summary>Constants of the format, and the limits that llama.cpp or we put on a file.</summary>
/// <remarks>
/// GGUF: magic, u32 version, u64 tensor count, u64 key count, keys, tensor infos, padding, tensor data.
/// A text is a u64 length and bytes. A key is a text, a u32 type and a value; an array is a u32 element type, a u64 count, elements.
/// A tensor info is a name, a u32 dimension count, u64 dimensions (fastest first), a u32 type, a u64 offset into the data.
/// Source: llama.cpp's gguf.h. Version 3 differs from 2 only in allowing big-endian files.
/// </remarks>
public static class GgufFormat
{
    /// <summary>The newest version that we read and the one that we write.</summary>
    public const int NewestVersion = 3;

    /// <summary>The oldest version that we read.</summary>
    public const int OldestVersion = 2;

    /// <summary>Bytes to which tensor data is aligned when `general.alignment` is absent.</summary>
    public const int DefaultAlignment = 32;

    /// <summary>The key that holds another alignment.</summary>
    public const string AlignmentKey = "general.alignment";

    /// <summary>A tensor name's longest length in bytes: ggml keeps 64 with the closing zero.</summary>
    public const int MaxTensorNameBytes = 63;

    /// <summary>A tensor's most dimensions.</summary>
    public const int MaxDimensions = 4;

    /// <summary>The most bytes that keys and tensor infos may take; the largest vocabularies known need about 20 MB.</summary>
    public const long MaxHeaderBytes = 256L << 20;

    /// <summary>The most tokens of a vocabulary; the largest known have 262,144.</summary>
    public const int MaxTokens = 1 << 21;

    internal static ReadOnlySpan<byte> Magic => "GGUF"u8;

    /// <summary>Whether a GGUF file begins at a place of a file.</summary>
    internal static bool BeginsIn(string path, long offset = 0)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        file.Position = offset;
        Span<byte> start = stackalloc byte[4];
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && start.SequenceEqual(Magic);
    }

    internal static long Align(long position, long alignment) =>
        checked((position + alignment - 1) / alignment * alignment);
}
