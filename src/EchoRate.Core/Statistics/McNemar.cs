namespace EchoRate.Core.Statistics;

/// <summary>
/// McNemar's exact test for paired outcomes (McNemar 1947; the binomial form): under the null hypothesis each discordant pair falls either
/// way with probability one half.
/// </summary>
public static class McNemar
{
    /// <summary>The two-sided p-value; 1 without discordant pairs.</summary>
    /// <param name="lost">Pairs that hit in a and not in b.</param>
    /// <param name="gained">Pairs that hit in b and not in a.</param>
    public static double PValue(long lost, long gained)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lost);
        ArgumentOutOfRangeException.ThrowIfNegative(gained);
        var n = lost + gained;
        var fewer = Math.Min(lost, gained);
        // P(X ≤ fewer) for X ~ Binomial(n, ½), term by term downwards from the largest, relative to it: no factorial is ever formed.
        var term = 1.0;
        var sum = 0.0;
        for (var k = fewer; k >= 0; k--)
        {
            sum += term;
            term *= (double)k / (n - k + 1);
            if (term < sum * 1e-18)
            {
                break;
            }
        }
        var log = LogChoose(n, fewer) - n * Math.Log(2) + Math.Log(sum);
        // Never 0: what is too small for a double is the smallest there is.
        return Math.Clamp(2 * Math.Exp(log), double.Epsilon, 1);
    }

    // Few terms are added one by one, exactly enough; many by Stirling's series, whose error is below 1e-12 from 50 on.
    private static double LogChoose(long n, long k) =>
        LogFactorial(n) - LogFactorial(k) - LogFactorial(n - k);

    private static double LogFactorial(long n)
    {
        if (n < 50)
        {
            var sum = 0.0;
            for (var i = 2L; i <= n; i++)
            {
                sum += Math.Log(i);
            }
            return sum;
        }
        double x = n;
        return x * Math.Log(x)
            - x
            + 0.5 * Math.Log(2 * Math.PI * x)
            + 1 / (12 * x)
            - 1 / (360 * x * x * x)
            + 1 / (1260 * Math.Pow(x, 5));
    }
}

/// <summary>Holm's step-down adjustment for several tests at once (Holm 1979).</summary>
public static class Holm
{
    /// <summary>The adjusted p-values, in the order given.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var order = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var adjusted = new double[pValues.Count];
        var most = 0.0;
        foreach (var (rank, index) in order.Index())
        {
            most = Math.Max(most, Math.Min(1, (pValues.Count - rank) * pValues[index]));
            adjusted[index] = most;
        }
        return adjusted;
    }
}
