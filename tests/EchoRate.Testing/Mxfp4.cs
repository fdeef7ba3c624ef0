namespace EchoRate.Testing;

/// <summary>Encodes numbers as MXFP4, the type of gpt-oss's experts: exactly, or not at all.</summary>
/// <remarks>
/// OCP Microscaling Formats 1.0, in the layout of ggml's `block_mxfp4`: 32 numbers in 17 bytes. The first byte is the block's
/// scale, a power of two with bias 127 (E8M0). Byte 1 + j holds number j in its low half and number 16 + j in its high half,
/// each as sign, two bits of exponent and one of mantissa (E2M1): 0, ½, 1, 1½, 2, 3, 4, 6.
/// </remarks>
internal static class Mxfp4
{
    internal const int BlockSize = 32;
    private const int BlockBytes = 17;
    private const int ScaleBias = 127;

    // The largest magnitude is 6, between 4 = 2² and 8.
    private const int LargestExponent = 2;

    private static readonly double[] Magnitudes = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

    /// <summary>The blocks of one or more rows, one behind the other.</summary>
    /// <exception cref="ArgumentException">A number does not fit its block's scale, or the last block is not full.</exception>
    internal static byte[] Encode(ReadOnlySpan<float> values)
    {
        if (values.Length % BlockSize != 0)
        {
            throw new ArgumentException($"{values.Length} numbers are not whole blocks of 32.");
        }
        var bytes = new byte[values.Length / BlockSize * BlockBytes];
        for (var block = 0; block < values.Length / BlockSize; block++)
        {
            EncodeBlock(
                values.Slice(block * BlockSize, BlockSize),
                bytes.AsSpan(block * BlockBytes, BlockBytes)
            );
        }
        return bytes;
    }

    private static void EncodeBlock(ReadOnlySpan<float> values, Span<byte> bytes)
    {
        var largest = 0f;
        foreach (var value in values)
        {
            largest = Math.Max(largest, Math.Abs(value));
        }
        var exponent = largest == 0 ? -ScaleBias : Math.ILogB(largest) - LargestExponent;
        bytes[0] = (byte)(exponent + ScaleBias);
        for (var j = 0; j < BlockSize / 2; j++)
        {
            var low = Code(values[j], exponent);
            var high = Code(values[(BlockSize / 2) + j], exponent);
            bytes[1 + j] = (byte)(low | (high << 4));
        }
    }

    private static int Code(float value, int exponent)
    {
        var magnitude = Array.IndexOf(Magnitudes, Math.ScaleB(Math.Abs(value), -exponent));
        if (magnitude < 0)
        {
            throw new ArgumentException($"{value} is no multiple of 2^{exponent} that E2M1 holds.");
        }
        return value < 0 ? magnitude | 8 : magnitude;
    }
}
