using System.Runtime.InteropServices;
using EchoRate.DemoModels.Weights;

namespace EchoRate.Testing;

/// <summary>Random F16 numbers in great quantity, the same on every platform: evenly spread, mean 0, a given standard deviation.</summary>
internal static class RandomHalves
{
    private const int Choices = 1 << 16;
    private const int ChunkLength = 1 << 16;

    /// <summary>Writes so many of them.</summary>
    internal static void Write(Stream stream, ulong seed, long count, double deviation)
    {
        var values = Table(deviation);
        var random = new SeededGenerator(seed);
        var chunk = new Half[ChunkLength];
        for (var left = count; left > 0; left -= chunk.Length)
        {
            // Four numbers of each draw of 64 bits.
            for (var i = 0; i < chunk.Length; i += 4)
            {
                var bits = random.NextBits();
                chunk[i] = values[(int)(bits & 0xFFFF)];
                chunk[i + 1] = values[(int)((bits >> 16) & 0xFFFF)];
                chunk[i + 2] = values[(int)((bits >> 32) & 0xFFFF)];
                chunk[i + 3] = values[(int)(bits >> 48)];
            }
            stream.Write(MemoryMarshal.AsBytes(chunk.AsSpan(0, (int)Math.Min(left, chunk.Length))));
        }
    }

    private static Half[] Table(double deviation)
    {
        var values = new Half[Choices];
        for (var i = 0; i < Choices; i++)
        {
            values[i] = (Half)(deviation * Math.Sqrt(3) * ((2 * (i + 0.5) / Choices) - 1));
        }
        return values;
    }
}
