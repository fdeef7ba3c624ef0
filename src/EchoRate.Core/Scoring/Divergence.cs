using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

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
    /// <remarks>
    /// The given log-sum-exps need only be near: both distributions are normalized again by sums from the same exponentials, in double, so
    /// that a small divergence is not lost in the last digits of large sums.
    /// </remarks>
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
        var sums = new Sums(aLogSumExp, bLogSumExp);
        var vectorsA = Vectors(a);
        var vectorsB = Vectors(b);
        for (var i = 0; i < vectorsA.Length; i++)
        {
            sums.Add(vectorsA[i], vectorsB[i]);
        }
        var whole = vectorsA.Length * Vector256<float>.Count;
        if (whole < a.Length)
        {
            sums.Add(Padded(a[whole..]), Padded(b[whole..]));
        }
        return Math.Max(0, sums.Kld);
    }

    private static ReadOnlySpan<Vector256<float>> Vectors(ReadOnlySpan<float> logits) =>
        MemoryMarshal.Cast<float, Vector256<float>>(logits);

    private static Vector256<float> Padded(ReadOnlySpan<float> rest)
    {
        Span<float> lanes = stackalloc float[Vector256<float>.Count];
        lanes.Fill(float.MinValue);
        rest.CopyTo(lanes);
        return Vector256.Create((ReadOnlySpan<float>)lanes);
    }

    // With p and q as the given log-sum-exps make them: Σ p, Σ q and Σ p·(ln p − ln q).
    private struct Sums(double aLogSumExp, double bLogSumExp)
    {
        private readonly Vector256<double> _a = Vector256.Create(aLogSumExp);
        private readonly Vector256<double> _b = Vector256.Create(bLogSumExp);
        private Vector256<double> _p;
        private Vector256<double> _q;
        private Vector256<double> _difference;

        public readonly double Kld
        {
            get
            {
                var (p, q) = (Vector256.Sum(_p), Vector256.Sum(_q));
                return Vector256.Sum(_difference) / p - Math.Log(p) + Math.Log(q);
            }
        }

        public void Add(Vector256<float> a, Vector256<float> b)
        {
            var (lowA, highA) = Vector256.Widen(a);
            var (lowB, highB) = Vector256.Widen(b);
            Add(lowA - _a, lowB - _b);
            Add(highA - _a, highB - _b);
        }

        private void Add(Vector256<double> logP, Vector256<double> logQ)
        {
            var least = Vector256.Create(Exponential.LeastDouble);
            var p = Exponential.Of(Vector256.MaxNative(logP, least));
            _p += p;
            _q += Exponential.Of(Vector256.MaxNative(logQ, least));
            _difference = Vector256.FusedMultiplyAdd(p, logP - logQ, _difference);
        }
    }
}
