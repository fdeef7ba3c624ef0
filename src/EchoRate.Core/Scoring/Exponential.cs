using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EchoRate.Core.Scoring;

/// <summary>
/// e to a power, several at a time: e^x = 2^k · e^r with k whole and |r| ≤ ½ ln 2, where e^r is the polynomial with the least relative error
/// (Remez). None answers for powers that its type cannot hold: clamp first.
/// </summary>
internal static class Exponential
{
    /// <summary>The least power that <see cref="Of{T}(T)"/> takes.</summary>
    public const float LeastSingle = -80;

    /// <summary>The least power that those in double precision take.</summary>
    public const double LeastDouble = -700;

    // 1.5 · 2^23 and 1.5 · 2^52: adding it rounds to a whole number, which then stands in the lowest bits.
    private const float RoundSingle = 12582912;
    private const double RoundDouble = 6755399441055744;
    private const double Log2OfE = 1.4426950408889634;
    private const double Ln2 = 0.6931471805599453;

    // ln 2 in two floats: the nearest single one would make all powers too large, by 2e-9 for each power of two below 1.
    private const float Ln2High = (float)Ln2;
    private const float Ln2Low = (float)(Ln2 - Ln2High);

    // The polynomial of e^r in double precision, by the power of r.
    private const double C0 = 1.00000000000001277;
    private const double C1 = 9.99999999999892645e-1;
    private const double C2 = 4.99999999994575437e-1;
    private const double C3 = 1.66666666678278804e-1;
    private const double C4 = 4.16666670326814404e-2;
    private const double C5 = 8.33333300262467348e-3;
    private const double C6 = 1.38888027945739187e-3;
    private const double C7 = 1.98415965274687283e-4;
    private const double C8 = 2.48840264353498665e-5;
    private const double C9 = 2.74821719960898773e-6;

    private static ReadOnlySpan<double> BelowNinth => [C8, C7, C6, C5, C4, C3, C2, C1, C0];

    /// <summary>e^x for −80 ≤ x ≤ 80; relative error below 3e-7, of either sign.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<T>(T x)
        where T : struct, ILanes<T>
    {
        var round = T.Create(RoundSingle);
        var shifted = T.FusedMultiplyAdd(x, T.Create((float)Log2OfE), round);
        var k = shifted - round;
        var r = T.FusedMultiplyAdd(k, T.Create(-Ln2High), x);
        r = T.FusedMultiplyAdd(k, T.Create(-Ln2Low), r);
        var square = r * r;
        var low = T.FusedMultiplyAdd(
            r,
            T.Create(9.99999691808141104e-1f),
            T.Create(1.00000007169693953f)
        );
        var middle = T.FusedMultiplyAdd(
            r,
            T.Create(1.66675750891721082e-1f),
            T.Create(4.99988944137373671e-1f)
        );
        var high = T.FusedMultiplyAdd(
            r,
            T.Create(8.29764807529986714e-3f),
            T.Create(4.19154314190644272e-2f)
        );
        var power = T.FusedMultiplyAdd(T.FusedMultiplyAdd(high, square, middle), square, low);
        return T.ScaledByLowestBits(power, shifted);
    }

    /// <summary>e^x for −700 ≤ x ≤ 700; relative error below 1e-13.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<double> Of(Vector256<double> x)
    {
        var round = Vector256.Create(RoundDouble);
        var shifted = Vector256.FusedMultiplyAdd(x, Vector256.Create(Log2OfE), round);
        var r = Vector256.FusedMultiplyAdd(shifted - round, Vector256.Create(-Ln2), x);
        var square = r * r;
        var fourth = square * square;
        var p01 = Vector256.FusedMultiplyAdd(r, Vector256.Create(C1), Vector256.Create(C0));
        var p23 = Vector256.FusedMultiplyAdd(r, Vector256.Create(C3), Vector256.Create(C2));
        var p45 = Vector256.FusedMultiplyAdd(r, Vector256.Create(C5), Vector256.Create(C4));
        var p67 = Vector256.FusedMultiplyAdd(r, Vector256.Create(C7), Vector256.Create(C6));
        var p89 = Vector256.FusedMultiplyAdd(r, Vector256.Create(C9), Vector256.Create(C8));
        var p03 = Vector256.FusedMultiplyAdd(p23, square, p01);
        var p47 = Vector256.FusedMultiplyAdd(p67, square, p45);
        var power = Vector256.FusedMultiplyAdd(
            Vector256.FusedMultiplyAdd(p89, fourth, p47),
            fourth,
            p03
        );
        return (power.AsInt64() + Vector256.ShiftLeft(shifted.AsInt64(), 52)).AsDouble();
    }

    /// <summary>
    /// Puts e^x in the place of x, for −700 ≤ x ≤ 700; relative error below 1e-13. Each step is done for all before the next one: one number's
    /// steps wait for each other, and would leave half of the processor's units idle.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Raise(
        ref Vector256<double> a,
        ref Vector256<double> b,
        ref Vector256<double> c,
        ref Vector256<double> d
    )
    {
        var (scale, round, ln2) = (
            Vector256.Create(Log2OfE),
            Vector256.Create(RoundDouble),
            Vector256.Create(-Ln2)
        );
        var kA = Vector256.FusedMultiplyAdd(a, scale, round);
        var kB = Vector256.FusedMultiplyAdd(b, scale, round);
        var kC = Vector256.FusedMultiplyAdd(c, scale, round);
        var kD = Vector256.FusedMultiplyAdd(d, scale, round);
        var rA = Vector256.FusedMultiplyAdd(kA - round, ln2, a);
        var rB = Vector256.FusedMultiplyAdd(kB - round, ln2, b);
        var rC = Vector256.FusedMultiplyAdd(kC - round, ln2, c);
        var rD = Vector256.FusedMultiplyAdd(kD - round, ln2, d);
        var ninth = Vector256.Create(C9);
        var (ofA, ofB, ofC, ofD) = (ninth, ninth, ninth, ninth);
        foreach (var coefficient in BelowNinth)
        {
            var next = Vector256.Create(coefficient);
            ofA = Vector256.FusedMultiplyAdd(ofA, rA, next);
            ofB = Vector256.FusedMultiplyAdd(ofB, rB, next);
            ofC = Vector256.FusedMultiplyAdd(ofC, rC, next);
            ofD = Vector256.FusedMultiplyAdd(ofD, rD, next);
        }
        a = (ofA.AsInt64() + Vector256.ShiftLeft(kA.AsInt64(), 52)).AsDouble();
        b = (ofB.AsInt64() + Vector256.ShiftLeft(kB.AsInt64(), 52)).AsDouble();
        c = (ofC.AsInt64() + Vector256.ShiftLeft(kC.AsInt64(), 52)).AsDouble();
        d = (ofD.AsInt64() + Vector256.ShiftLeft(kD.AsInt64(), 52)).AsDouble();
    }

    /// <summary>As with registers of 256 bits, to the last digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Raise(ref Vector512<double> a, ref Vector512<double> b)
    {
        var (scale, round, ln2) = (
            Vector512.Create(Log2OfE),
            Vector512.Create(RoundDouble),
            Vector512.Create(-Ln2)
        );
        var kA = Vector512.FusedMultiplyAdd(a, scale, round);
        var kB = Vector512.FusedMultiplyAdd(b, scale, round);
        var rA = Vector512.FusedMultiplyAdd(kA - round, ln2, a);
        var rB = Vector512.FusedMultiplyAdd(kB - round, ln2, b);
        var ninth = Vector512.Create(C9);
        var (ofA, ofB) = (ninth, ninth);
        foreach (var coefficient in BelowNinth)
        {
            var next = Vector512.Create(coefficient);
            ofA = Vector512.FusedMultiplyAdd(ofA, rA, next);
            ofB = Vector512.FusedMultiplyAdd(ofB, rB, next);
        }
        a = (ofA.AsInt64() + Vector512.ShiftLeft(kA.AsInt64(), 52)).AsDouble();
        b = (ofB.AsInt64() + Vector512.ShiftLeft(kB.AsInt64(), 52)).AsDouble();
    }
}
