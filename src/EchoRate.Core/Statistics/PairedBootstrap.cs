using EchoRate.Core.Items;

namespace EchoRate.Core.Statistics;

/// <summary>
/// Percentile bootstrap of means (Efron 1979), seeded: items are drawn with replacement, all figures of an item together, so that several
/// means of one contrast rest on the same draws.
/// </summary>
public static class PairedBootstrap
{
    /// <summary>Fewest items that an interval is given for.</summary>
    public const int LeastItems = 50;

    private const int Resamples = 2000;

    /// <summary>The 95 % intervals of the means, in the order given; null for fewer items than <see cref="LeastItems"/>.</summary>
    /// <param name="series">Each a figure per item; all of one length.</param>
    /// <param name="seed">The run's seed.</param>
    public static IReadOnlyList<(double Low, double High)>? Intervals(
        IReadOnlyList<IReadOnlyList<double>> series,
        int seed
    )
    {
        var count = series.Count == 0 ? 0 : series[0].Count;
        if (count < LeastItems)
        {
            return null;
        }
        var stream = new SeededNumbers(seed, "bootstrap");
        var data = series.Select(values => values.ToArray()).ToArray();
        var means = data.Select(_ => new double[Resamples]).ToArray();
        var sums = new double[data.Length];
        for (var resample = 0; resample < Resamples; resample++)
        {
            Array.Clear(sums);
            for (var draw = 0; draw < count; draw++)
            {
                var item = stream.Below(count);
                for (var s = 0; s < data.Length; s++)
                {
                    sums[s] += data[s][item];
                }
            }
            for (var s = 0; s < data.Length; s++)
            {
                means[s][resample] = sums[s] / count;
            }
        }
        return [.. means.Select(Interval)];
    }

    private static (double, double) Interval(double[] means)
    {
        Array.Sort(means);
        return (Quantiles.OfSorted(means, 0.025), Quantiles.OfSorted(means, 0.975));
    }
}

/// <summary>Quantiles by linear interpolation between order statistics (Hyndman and Fan's type 7, a spreadsheet's PERCENTILE.INC).</summary>
public static class Quantiles
{
    /// <summary>The median of values in any order; null where there is none.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? null : OfSorted(sorted, 0.5);
    }

    /// <summary>The quantile of values in ascending order, at least one.</summary>
    public static double OfSorted(ReadOnlySpan<double> sorted, double quantile)
    {
        var at = quantile * (sorted.Length - 1);
        var below = (int)Math.Floor(at);
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
    }
}
