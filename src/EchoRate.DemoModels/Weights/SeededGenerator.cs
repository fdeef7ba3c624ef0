namespace EchoRate.DemoModels.Weights;

/// <summary>Random numbers that are the same on every platform and runtime.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea, Flood 2014): a counter in steps of 2^64 / golden ratio, mixed by two multiplications.
/// The normal variate is the sum of twelve uniform ones less six (Irwin–Hall): no logarithm or cosine, whose last bit
/// differs between C libraries.
/// </remarks>
internal sealed class SeededGenerator(ulong seed)
{
    private ulong _state = seed;

    internal ulong NextBits()
    {
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return bits ^ (bits >> 31);
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    internal double NextUniform() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Mean 0, variance 1, within ±6.</summary>
    internal double NextNormal()
    {
        var sum = -6.0;
        for (var i = 0; i < 12; i++)
        {
            sum += NextUniform();
        }
        return sum;
    }

    /// <summary>Uniform among 0 … <paramref name="count"/> − 1.</summary>
    internal int NextIndex(int count) => (int)(NextUniform() * count);

    internal double[] NextNormals(int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = NextNormal();
        }
        return values;
    }
}
