namespace EchoRate.Core.Statistics;

/// <summary>
/// Wilson's score interval of a rate, 95 %: the rates that a score test at that level does not reject. Unlike the textbook interval it
/// stays within 0 and 1 and has a width at 0 and at n hits. (E. B. Wilson, 1927, doi:10.1080/01621459.1927.10502953.)
/// </summary>
public static class Wilson
{
    /// <summary>The two-sided 95 % point of the normal distribution.</summary>
    public const double Z = 1.959963984540054;

    /// <summary>The interval's ends, 0 to 1; null where nothing was measured.</summary>
    public static (double Low, double High)? Interval(long hits, long measured)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(hits);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(hits, measured);
        if (measured == 0)
        {
            return null;
        }
        var n = (double)measured;
        var rate = hits / n;
        var centre = rate + Z * Z / (2 * n);
        var half = Z * Math.Sqrt(rate * (1 - rate) / n + Z * Z / (4 * n * n));
        var scale = 1 + Z * Z / n;
        // At 0 and n one end is exact by algebra; rounding must not move it past the edge.
        var low = hits == 0 ? 0 : (centre - half) / scale;
        var high = hits == measured ? 1 : (centre + half) / scale;
        return (low, high);
    }
}
