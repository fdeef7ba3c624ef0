using System.Text;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Loading;

/// <summary>Turns metadata to override, or to add, into llama.cpp's array, whose end is an entry with an empty key.</summary>
internal static unsafe class MetadataOverrides
{
    internal static llama_model_kv_override[] ToNative(
        IReadOnlyDictionary<string, bool> overrides
    ) => [.. overrides.Select(pair => Truth(pair.Key, pair.Value)), default];

    internal static llama_model_kv_override[] ToNative(
        IReadOnlyDictionary<string, string> texts,
        IReadOnlyDictionary<string, uint> numbers
    ) =>
        [
            .. texts.Select(pair => Text(pair.Key, pair.Value)),
            .. numbers.Select(pair => Number(pair.Key, pair.Value)),
            default,
        ];

    private static llama_model_kv_override Truth(string key, bool value)
    {
        var entry = Named(key, llama_model_kv_override_type.LLAMA_KV_OVERRIDE_TYPE_BOOL);
        entry.val_bool = value;
        return entry;
    }

    private static llama_model_kv_override Number(string key, uint value)
    {
        var entry = Named(key, llama_model_kv_override_type.LLAMA_KV_OVERRIDE_TYPE_INT);
        entry.val_i64 = value;
        return entry;
    }

    private static llama_model_kv_override Text(string key, string value)
    {
        var entry = Named(key, llama_model_kv_override_type.LLAMA_KV_OVERRIDE_TYPE_STR);
        Write(
            $"the value of {key}",
            value,
            new Span<byte>(entry.val_str, llama_model_kv_override.TextBytes),
            0
        );
        return entry;
    }

    private static llama_model_kv_override Named(string key, llama_model_kv_override_type tag)
    {
        var entry = new llama_model_kv_override { tag = tag };
        Write(
            "a metadata key",
            key,
            new Span<byte>(entry.key, llama_model_kv_override.KeyBytes),
            1
        );
        return entry;
    }

    private static void Write(string what, string text, Span<byte> destination, int least)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (
            length < least
            || length >= destination.Length
            || text.Contains('\0', StringComparison.Ordinal)
        )
        {
            throw new ArgumentException(
                $"{what} has {least} to {destination.Length - 1} bytes, not {length}: '{text}'"
            );
        }

        Encoding.UTF8.GetBytes(text, destination);
    }
}
