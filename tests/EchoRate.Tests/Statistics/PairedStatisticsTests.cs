using EchoRate.Core.Scoring;

namespace EchoRate.Tests.Statistics;

public sealed class PairedStatisticsTests
{
    [Fact]
    public void McNemar_equals_a_plain_sum_of_binomials()
    {
        for (var n = 1; n <= 60; n++)
        {
            for (var lost = 0; lost <= n; lost++)
            {
                var fewer = Math.Min(lost, n - lost);
                var tail = Enumerable.Range(0, fewer + 1).Sum(k => Choose(n, k)) / Math.Pow(2, n);
                Assert.Equal(Math.Min(1, 2 * tail), McNemar.PValue(lost, n - lost), 1e-12);
            }
        }
    }

    [Fact]
    public void McNemar_of_many_pairs_stays_a_probability_and_falls()
    {
        var p = new[] { 0L, 1_000, 10_000, 50_000 }
            .Select(extra => McNemar.PValue(100_000 + extra, 100_000))
            .ToList();

        Assert.All(p, value => Assert.InRange(value, 0, 1));
        Assert.Equal(p.OrderDescending(), p);
        // Normal approximation with continuity correction at 101,000 against 100,000: z = 999 ÷ √201,000 = 2.2283, p = 0.02586.
        Assert.Equal(0.02586, p[1], 4);
    }

    [Fact]
    public void Holm_steps_down_and_never_back()
    {
        var adjusted = Holm.Adjust([0.01, 0.04, 0.03, 0.005]);

        Assert.Equal([0.03, 0.06, 0.06, 0.02], adjusted.Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 1], Holm.Adjust([0.9, 0.8]));
        Assert.Empty(Holm.Adjust([]));
    }

    [Fact]
    public void The_bootstrap_is_reproducible_and_needs_50_items()
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => Math.Sin(i * 12.9898) * 3 + 1)];

        var first = PairedBootstrap.Intervals([values], 7)!;

        Assert.Equal(first, PairedBootstrap.Intervals([values], 7)!);
        Assert.NotEqual(first, PairedBootstrap.Intervals([values], 8)!);
        Assert.Null(PairedBootstrap.Intervals([values[..49]], 7));
        Assert.NotNull(PairedBootstrap.Intervals([values[..50]], 7));
        // Close to mean ± 1.96 standard errors.
        var mean = values.Average();
        var error =
            1.96
            * Math.Sqrt(
                values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length
            );
        Assert.Equal(mean - error, first[0].Low, 1);
        Assert.Equal(mean + error, first[0].High, 1);
    }

    [Fact]
    public void Quantiles_are_a_spreadsheets()
    {
        double[] sorted = [1, 2, 3, 4];

        Assert.Equal(2.5, Quantiles.OfSorted(sorted, 0.5));
        Assert.Equal(3.85, Quantiles.OfSorted(sorted, 0.95), 12);
        Assert.Equal(4, Quantiles.OfSorted(sorted, 1));
        Assert.Equal(7, Quantiles.OfSorted([7], 0.95));
    }

    [Fact]
    public void Vocabularies_of_two_sizes_are_a_mistake() =>
        Assert.Throws<ArgumentException>(() => Divergence.Kld([1, 2], 0, [1], 0));

    private static double Choose(int n, int k)
    {
        var result = 1.0;
        for (var i = 1; i <= k; i++)
        {
            result = result * (n - k + i) / i;
        }
        return result;
    }
}
