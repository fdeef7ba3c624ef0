using System.Buffers.Binary;

namespace EchoRate.Gguf;

/// <summary>What else people have under a model's name, told by its first bytes.</summary>
internal static class OtherFormats
{
    /// <summary>What a file that does not begin with GGUF is, and what to do; null where nothing is known of it.</summary>
    internal static string? Of(ReadOnlySpan<byte> start) =>
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
