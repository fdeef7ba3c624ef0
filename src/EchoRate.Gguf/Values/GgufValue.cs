namespace EchoRate.Gguf;

/// <summary>One typed metadata value, immutable; numbers are kept as the file's little-endian bytes, so that writing gives them back exactly.</summary>
public sealed partial class GgufValue
{
    private readonly byte[] _raw;
    private readonly GgufByteStrings? _texts;

    private GgufValue(
        GgufValueType type,
        GgufValueType elementType,
        byte[] raw,
        GgufByteStrings? texts
    )
    {
        Type = type;
        ElementType = elementType;
        _raw = raw;
        _texts = texts;
    }

    /// <summary>The value's type; <see cref="GgufValueType.Array"/> for arrays.</summary>
    public GgufValueType Type { get; }

    /// <summary>The type of an array's elements; equal to <see cref="Type"/> for a single value.</summary>
    public GgufValueType ElementType { get; }

    /// <summary>True for an array.</summary>
    public bool IsArray => Type == GgufValueType.Array;

    /// <summary>Elements of an array; 1 for a single value.</summary>
    public int Count =>
        !IsArray ? 1
        : _texts is not null ? _texts.Count
        : _raw.Length / ElementType.Bytes();

    /// <summary>The bytes of a text or of numbers, little-endian; empty for an array of texts.</summary>
    public ReadOnlySpan<byte> RawBytes => _raw;

    /// <summary>The texts of an array of texts, else null.</summary>
    public GgufByteStrings? Texts => _texts;

    internal static GgufValue FromFile(GgufValueType type, byte[] raw) =>
        new(type, type, raw, null);

    internal static GgufValue ArrayFromFile(GgufValueType elementType, byte[] raw) =>
        new(GgufValueType.Array, elementType, raw, null);

    internal static GgufValue ArrayFromFile(GgufByteStrings texts) =>
        new(GgufValueType.Array, GgufValueType.Text, [], texts);
}
