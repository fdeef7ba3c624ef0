using System.Runtime.InteropServices;
using System.Text;

namespace EchoRate.Gguf;

/// <content>How values are made: a number keeps the width of its type, because llama.cpp refuses a key of the right name and the wrong width.</content>
public sealed partial class GgufValue
{
    /// <summary>A number; its type follows from <typeparamref name="T"/>.</summary>
    public static GgufValue Number<T>(T value)
        where T : unmanaged
    {
        var type = GgufValueTypes.Of<T>();
        var raw = new byte[type.Bytes()];
        MemoryMarshal.Write(raw, in value);
        return new GgufValue(type, type, raw, null);
    }

    /// <summary>An unsigned 32-bit value: counts and token ids.</summary>
    public static GgufValue U32(uint value) => Number(value);

    /// <summary>A 32-bit float.</summary>
    public static GgufValue F32(float value) => Number(value);

    /// <summary>A truth value.</summary>
    public static GgufValue Bool(bool value) => Number(value);

    /// <summary>A text, written as UTF-8.</summary>
    public static GgufValue Text(string value) => Text(Encoding.UTF8.GetBytes(value));

    /// <summary>A text from its bytes, which need not be UTF-8.</summary>
    public static GgufValue Text(ReadOnlySpan<byte> bytes) =>
        new(GgufValueType.Text, GgufValueType.Text, bytes.ToArray(), null);

    /// <summary>An array of texts, written as UTF-8.</summary>
    public static GgufValue TextArray(IEnumerable<string> values) =>
        TextArray(values.Select(Encoding.UTF8.GetBytes));

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
