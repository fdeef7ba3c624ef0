namespace EchoRate.Core.Items;

/// <summary>Draws without replacement: the first steps of a Fisher-Yates shuffle on a <see cref="SeededNumbers"/>.</summary>
public static class SeededDraw
{
    /// <summary>
    /// Draws <paramref name="count"/> of the candidates, or all where there are fewer; in the candidates' order. Draws for two purposes are
    /// independent.
    /// </summary>
    public static IReadOnlyList<T> Draw<T>(
        IReadOnlyList<T> candidates,
        int count,
        int seed,
        string purpose
    )
    {
        if (candidates.Count <= count)
        {
            return candidates;
        }
        var stream = new SeededNumbers(seed, purpose);
        var indices = new int[candidates.Count];
        for (var i = 0; i < indices.Length; i++)
        {
            indices[i] = i;
        }
        for (var i = 0; i < count; i++)
        {
            var j = i + stream.Below(indices.Length - i);
            (indices[i], indices[j]) = (indices[j], indices[i]);
        }
        Array.Sort(indices, 0, count);
        return [.. indices.Take(count).Select(index => candidates[index])];
    }
}

/// <summary>
/// A stream of random numbers, the same on every machine and in every version: SplitMix64 (Steele, Lea, Flood 2014).
/// <see cref="Random"/> does not promise its seeded sequence.
/// </summary>
public sealed class SeededNumbers
{
    private ulong _state;

    /// <summary>Begins a stream; streams for two purposes are independent.</summary>
    public SeededNumbers(int seed, string purpose)
    {
        // FNV-1a over the purpose, mixed with the seed.
        var hash = 14695981039346656037UL;
        foreach (var c in purpose)
        {
            hash = (hash ^ c) * 1099511628211UL;
        }
        _state = hash ^ (uint)seed;
        Next();
    }

    /// <summary>A whole number from 0 to below the bound, each equally likely.</summary>
    public int Below(int bound)
    {
        // What would favour small values is drawn again.
        var limit = ulong.MaxValue - ulong.MaxValue % (ulong)bound;
        ulong value;
        do
        {
            value = Next();
        } while (value >= limit);
        return (int)(value % (ulong)bound);
    }

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15UL;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
