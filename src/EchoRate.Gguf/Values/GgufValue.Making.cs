using System.Runtime.InteropServices;
using System.Text;

namespace EchoRate.Gguf;

/// <content>How values are made: one method per type, because llama.cpp refuses a key of the right name and the wrong width.</content>
public sealed partial class GgufValue
{
    /// <summary>An unsigned 8-bit value.</summary>
    public static GgufValue U8(byte value) => Single(GgufValueType.U8, value);

    /// <summary>A signed 8-bit value.</summary>
    public static GgufValue I8(sbyte value) => Single(GgufValueType.I8, value);

    /// <summary>An unsigned 16-bit value.</summary>
    public static GgufValue U16(ushort value) => Single(GgufValueType.U16, value);

    /// <summary>A signed 16-bit value.</summary>
    public static GgufValue I16(short value) => Single(GgufValueType.I16, value);

    /// <summary>An unsigned 32-bit value: counts and token ids.</summary>
    public static GgufValue U32(uint value) => Single(GgufValueType.U32, value);

    /// <summary>A signed 32-bit value.</summary>
    public static GgufValue I32(int value) => Single(GgufValueType.I32, value);

    /// <summary>A 32-bit float.</summary>
    public static GgufValue F32(float value) => Single(GgufValueType.F32, value);

    /// <summary>A truth value.</summary>
    public static GgufValue Bool(bool value) =>
        Single(GgufValueType.Bool, value ? (byte)1 : (byte)0);

    /// <summary>An unsigned 64-bit value.</summary>
    public static GgufValue U64(ulong value) => Single(GgufValueType.U64, value);

    /// <summary>A signed 64-bit value.</summary>
    public static GgufValue I64(long value) => Single(GgufValueType.I64, value);

    /// <summary>A 64-bit float.</summary>
    public static GgufValue F64(double value) => Single(GgufValueType.F64, value);

    /// <summary>A text, written as UTF-8.</summary>
    public static GgufValue Text(string value) => Text(Encoding.UTF8.GetBytes(value));

    /// <summary>A text from its bytes, which need not be UTF-8.</summary>
    public static GgufValue Text(ReadOnlySpan<byte> bytes) =>
        new(GgufValueType.Text, GgufValueType.Text, bytes.ToArray(), null);

    /// <summary>An array of texts, written as UTF-8.</summary>
    public static GgufValue TextArray(IEnumerable<string> values) =>
        ArrayFromFile(GgufByteStrings.Of(values));

    /// <summary>An array of byte strings, which need not be UTF-8: token pieces.</summary>
    public static GgufValue TextArray(IEnumerable<byte[]> values) =>
        ArrayFromFile(GgufByteStrings.Of(values));

    /// <summary>An array of texts already packed.</summary>
    public static GgufValue TextArray(GgufByteStrings values) => ArrayFromFile(values);

    /// <summary>An array of numbers or truth values; the element type follows from <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException"><typeparamref name="T"/> is none of the format's eleven fixed-width types.</exception>
    public static GgufValue NumberArray<T>(ReadOnlySpan<T> values)
        where T : unmanaged =>
        ArrayFromFile(GgufValueTypes.Of<T>(), MemoryMarshal.AsBytes(values).ToArray());
}
