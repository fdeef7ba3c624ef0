namespace EchoRate.Core.Scoring;

/// <summary>How far one distribution is from another.</summary>
public static class Divergence
{
    /// <summary>
    /// KL(a ‖ b) over the whole vocabulary, in double, in nats. Never negative: what rounding leaves below 0 is 0, and a distribution
    /// against itself is exactly 0.
    /// </summary>
    /// <param name="a">Logits of the reference, (n_vocab,).</param>
    /// <param name="aLogSumExp">Their log-sum-exp.</param>
    /// <param name="b">Logits of the other, (n_vocab,).</param>
    /// <param name="bLogSumExp">Their log-sum-exp.</param>
    public static double Kld(
        ReadOnlySpan<float> a,
        double aLogSumExp,
        ReadOnlySpan<float> b,
        double bLogSumExp
    )
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException(
                $"{a.Length} logits against {b.Length}: the vocabularies differ"
            );
        }
        var sum = 0.0;
        for (var id = 0; id < a.Length; id++)
        {
            var logA = a[id] - aLogSumExp;
            var logB = b[id] - bLogSumExp;
            sum += Math.Exp(logA) * (logA - logB);
        }
        return Math.Max(0, sum);
    }
}
