using System.Runtime.InteropServices;

namespace EchoRate.Gguf;

/// <content>Tensors from 32-bit floats.</content>
public sealed partial class GgufWriter
{
    /// <summary>Adds a tensor from floats, stored as F32, F16 or BF16 (rounded to nearest, ties to even).</summary>
    /// <param name="name">At most 63 bytes of UTF-8, and new.</param>
    /// <param name="dimensions">One to four, the row length first.</param>
    /// <param name="type">F32, F16 or BF16; other types are made by llama.cpp's quantizer.</param>
    /// <param name="values">As many as the dimensions ask for; borrowed until the file is written.</param>
    public GgufWriter AddTensor(
        string name,
        ReadOnlySpan<long> dimensions,
        GgufTensorType type,
        ReadOnlyMemory<float> values
    ) => AddTensor(name, dimensions, type, stream => WriteFloats(stream, type, values.Span));

    /// <summary>Writes floats as F32, F16 or BF16: for callbacks that stream a tensor piece by piece.</summary>
    public static void WriteFloats(Stream stream, GgufTensorType type, ReadOnlySpan<float> values)
    {
        if (type == GgufTensorType.F32)
        {
            stream.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        Span<ushort> buffer = stackalloc ushort[1024];
        while (!values.IsEmpty)
        {
            var n = Math.Min(values.Length, buffer.Length);
            for (var i = 0; i < n; i++)
            {
                buffer[i] = type switch
                {
                    GgufTensorType.F16 => BitConverter.HalfToUInt16Bits((Half)values[i]),
                    GgufTensorType.BF16 => ToBF16(values[i]),
                    _ => throw new ArgumentException(
                        $"Floats can be stored as F32, F16 or BF16, not as {type}.",
                        nameof(type)
                    ),
                };
            }
            stream.Write(MemoryMarshal.AsBytes(buffer[..n]));
            values = values[n..];
        }
    }

    private static ushort ToBF16(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        // Rounding up could carry a NaN into infinity, so a NaN is cut and made quiet instead.
        return float.IsNaN(value)
            ? (ushort)(bits >> 16 | 0x40)
            : (ushort)(bits + 0x7fff + (bits >> 16 & 1) >> 16);
    }
}
