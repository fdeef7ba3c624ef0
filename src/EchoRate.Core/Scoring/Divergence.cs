using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
        return Kld(a, aLogSumExp, b, bLogSumExp, Vector512.IsHardwareAccelerated);
    }

    /// <summary>With registers of 512 bits eight exponentials are computed at once, else four: both give the same digits.</summary>
    internal static double Kld(
        ReadOnlySpan<float> a,
        double aLogSumExp,
        ReadOnlySpan<float> b,
        double bLogSumExp,
        bool isWide
    )
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException(
                $"{a.Length} logits against {b.Length}: the vocabularies differ"
            );
        }
        var sums = new Sums();
        var whole = a.Length / Vector256<float>.Count * Vector256<float>.Count;
        if (isWide)
        {
            AddEights(a[..whole], aLogSumExp, b[..whole], bLogSumExp, ref sums);
        }
        else
        {
            AddFours(a[..whole], aLogSumExp, b[..whole], bLogSumExp, ref sums);
        }
        if (whole < a.Length)
        {
            Span<float> lastA = stackalloc float[Vector256<float>.Count];
            Span<float> lastB = stackalloc float[Vector256<float>.Count];
            lastA.Fill(float.MinValue);
            lastB.Fill(float.MinValue);
            a[whole..].CopyTo(lastA);
            b[whole..].CopyTo(lastB);
            AddFours(lastA, aLogSumExp, lastB, bLogSumExp, ref sums);
        }
        var (p, q) = (Vector256.Sum(sums.P), Vector256.Sum(sums.Q));
        return Math.Max(0, Vector256.Sum(sums.Difference) / p - Math.Log(p) + Math.Log(q));
    }

    // Two times four numbers at once: the spans hold whole eights.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddFours(
        ReadOnlySpan<float> a,
        double aLogSumExp,
        ReadOnlySpan<float> b,
        double bLogSumExp,
        ref Sums sums
    )
    {
        var (levelA, levelB) = (Vector256.Create(aLogSumExp), Vector256.Create(bLogSumExp));
        var least = Vector256.Create(Exponential.LeastDouble);
        var (p, q, difference) = (sums.P, sums.Q, sums.Difference);
        var vectorsA = MemoryMarshal.Cast<float, Vector128<float>>(a);
        var vectorsB = MemoryMarshal.Cast<float, Vector128<float>>(b);
        for (var i = 0; i < vectorsA.Length; i += 2)
        {
            var (logP, logP2) = (Widened(vectorsA[i]) - levelA, Widened(vectorsA[i + 1]) - levelA);
            var (logQ, logQ2) = (Widened(vectorsB[i]) - levelB, Widened(vectorsB[i + 1]) - levelB);
            var ofP = Vector256.MaxNative(logP, least);
            var ofQ = Vector256.MaxNative(logQ, least);
            var ofP2 = Vector256.MaxNative(logP2, least);
            var ofQ2 = Vector256.MaxNative(logQ2, least);
            Exponential.Raise(ref ofP, ref ofQ, ref ofP2, ref ofQ2);
            p = p + ofP + ofP2;
            q = q + ofQ + ofQ2;
            difference = Vector256.FusedMultiplyAdd(ofP, logP - logQ, difference);
            difference = Vector256.FusedMultiplyAdd(ofP2, logP2 - logQ2, difference);
        }
        sums = new Sums(p, q, difference);

        // One instruction; what .NET makes of WidenLower is two.
        static Vector256<double> Widened(Vector128<float> values) =>
            Avx.IsSupported
                ? Avx.ConvertToVector256Double(values)
                : Vector256.WidenLower(values.ToVector256Unsafe());
    }

    // The sums have four lanes here too, added up in the same order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddEights(
        ReadOnlySpan<float> a,
        double aLogSumExp,
        ReadOnlySpan<float> b,
        double bLogSumExp,
        ref Sums sums
    )
    {
        var (levelA, levelB) = (Vector512.Create(aLogSumExp), Vector512.Create(bLogSumExp));
        var least = Vector512.Create(Exponential.LeastDouble);
        var (p, q, difference) = (sums.P, sums.Q, sums.Difference);
        var vectorsA = MemoryMarshal.Cast<float, Vector256<float>>(a);
        var vectorsB = MemoryMarshal.Cast<float, Vector256<float>>(b);
        for (var i = 0; i < vectorsA.Length; i++)
        {
            var logP = Widened(vectorsA[i]) - levelA;
            var logQ = Widened(vectorsB[i]) - levelB;
            var change = logP - logQ;
            var ofP = Vector512.MaxNative(logP, least);
            var ofQ = Vector512.MaxNative(logQ, least);
            Exponential.Raise(ref ofP, ref ofQ);
            p = p + ofP.GetLower() + ofP.GetUpper();
            q = q + ofQ.GetLower() + ofQ.GetUpper();
            difference = Vector256.FusedMultiplyAdd(ofP.GetLower(), change.GetLower(), difference);
            difference = Vector256.FusedMultiplyAdd(ofP.GetUpper(), change.GetUpper(), difference);
        }
        sums = new Sums(p, q, difference);

        static Vector512<double> Widened(Vector256<float> values) =>
            Avx512F.IsSupported
                ? Avx512F.ConvertToVector512Double(values)
                : Vector512.WidenLower(values.ToVector512Unsafe());
    }

    // With p and q as the given log-sum-exps make them: Σ p, Σ q and Σ p·(ln p − ln q).
    private readonly record struct Sums(
        Vector256<double> P,
        Vector256<double> Q,
        Vector256<double> Difference
    );
}
