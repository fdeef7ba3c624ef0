using System.Text;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Loading;

/// <summary>Turns metadata to override into llama.cpp's array, whose end is an entry with an empty key.</summary>
internal static unsafe class MetadataOverrides
{
    internal static llama_model_kv_override[] ToNative(IReadOnlyDictionary<string, bool> overrides)
    {
        var native = new llama_model_kv_override[overrides.Count + 1];
        var index = 0;
        foreach (var (key, value) in overrides)
        {
            ref var entry = ref native[index++];
            entry.tag = llama_model_kv_override_type.LLAMA_KV_OVERRIDE_TYPE_BOOL;
            entry.val_bool = value;
            fixed (byte* bytes = entry.key)
            {
                WriteKey(key, new Span<byte>(bytes, llama_model_kv_override.KeyBytes));
            }
        }

        return native;
    }

    private static void WriteKey(string key, Span<byte> destination)
    {
        var length = Encoding.UTF8.GetByteCount(key);
        if (
            length == 0
            || length >= destination.Length
            || key.Contains('\0', StringComparison.Ordinal)
        )
        {
            throw new ArgumentException(
                $"a metadata key has 1 to {destination.Length - 1} bytes, not {length}: '{key}'"
            );
        }

        Encoding.UTF8.GetBytes(key, destination);
    }
}
