namespace EchoRate.Core.Sampling;

/// <summary>Draws without replacement: the first steps of a Fisher-Yates shuffle on a <see cref="SeededNumbers"/>.</summary>
public static class SeededDraw
{
    /// <summary>Draws <paramref name="count"/> of the candidates, or all where there are fewer; in the candidates' order.</summary>
    /// <param name="candidates">What to draw from.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the draw is for: draws for two purposes are independent.</param>
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
