using System.Text;
using EchoRate.Gguf;
using LLama.Native;

namespace EchoRate.LLamaSharp.Loading;

/// <summary>Turns metadata to override, or to add, into llama.cpp's array, whose end is an entry with an empty key.</summary>
internal static unsafe class MetadataOverrides
{
    // Of a key and of a text, the final zero included (llama.h).
    private const int Bytes = 128;

    internal static LLamaModelMetadataOverride[] OfLoading(bool withoutSpacePrefix)
    {
        var prefix = Named(GgufKeys.AddSpacePrefix, LLamaModelKvOverrideType.Bool);
        return withoutSpacePrefix ? [prefix, default] : [default];
    }

    internal static LLamaModelMetadataOverride[] OfQuantizing(
        IReadOnlyDictionary<string, string> texts,
        IReadOnlyDictionary<string, uint> numbers
    ) =>
        [
            .. texts.Select(pair => Text(pair.Key, pair.Value)),
            .. numbers.Select(pair => Number(pair.Key, pair.Value)),
            default,
        ];

    private static LLamaModelMetadataOverride Number(string key, uint value)
    {
        var entry = Named(key, LLamaModelKvOverrideType.Int);
        entry.IntValue = value;
        return entry;
    }

    private static LLamaModelMetadataOverride Text(string key, string value)
    {
        var entry = Named(key, LLamaModelKvOverrideType.String);
        Write($"the value of {key}", value, new Span<byte>(entry.StringValue, Bytes), 0);
        return entry;
    }

    private static LLamaModelMetadataOverride Named(string key, LLamaModelKvOverrideType tag)
    {
        var entry = new LLamaModelMetadataOverride { Tag = tag };
        Write("a metadata key", key, new Span<byte>(entry.key, Bytes), 1);
        return entry;
    }

    private static void Write(string what, string text, Span<byte> destination, int least)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        if (length < least || length >= destination.Length || text.Contains('\0'))
        {
            throw new ArgumentException(
                $"{what} has {least} to {destination.Length - 1} bytes, not {length}: '{text}'"
            );
        }
        Encoding.UTF8.GetBytes(text, destination);
    }
}
