using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EchoRate.Core.Scoring;

/// <summary>Sixteen floats in two registers of 256 bits (AVX2), or what .NET makes of those elsewhere.</summary>
internal readonly struct PairedLanes : ILanes<PairedLanes>
{
    private readonly Vector256<float> _low;
    private readonly Vector256<float> _high;

    private PairedLanes(Vector256<float> low, Vector256<float> high) => (_low, _high) = (low, high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes Create(float value) =>
        new(Vector256.Create(value), Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes Load(ref float first, nuint at) =>
        new(
            Vector256.LoadUnsafe(ref first, at),
            Vector256.LoadUnsafe(ref first, at + (nuint)Vector256<float>.Count)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(PairedLanes lanes, ref float first, nuint at)
    {
        lanes._low.StoreUnsafe(ref first, at);
        lanes._high.StoreUnsafe(ref first, at + (nuint)Vector256<float>.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes operator +(PairedLanes a, PairedLanes b) =>
        new(a._low + b._low, a._high + b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes operator -(PairedLanes a, PairedLanes b) =>
        new(a._low - b._low, a._high - b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes operator *(PairedLanes a, PairedLanes b) =>
        new(a._low * b._low, a._high * b._high);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes FusedMultiplyAdd(PairedLanes a, PairedLanes b, PairedLanes c) =>
        new(
            Vector256.FusedMultiplyAdd(a._low, b._low, c._low),
            Vector256.FusedMultiplyAdd(a._high, b._high, c._high)
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes ScaledByLowestBits(PairedLanes values, PairedLanes powers)
    {
        return new(Scaled(values._low, powers._low), Scaled(values._high, powers._high));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Scaled(Vector256<float> values, Vector256<float> powers) =>
            (
                values.AsInt32() + Vector256.ShiftLeft(powers.AsInt32(), LaneBits.OfFraction)
            ).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(PairedLanes values, float low, float high)
    {
        var toLowest = Vector256.Create(LaneBits.ToLowest(high));
        return Vector256.GreaterThanAny(
            Vector256.Max(values._low.AsInt32() + toLowest, values._high.AsInt32() + toLowest),
            Vector256.Create(LaneBits.Highest(low, high))
        );
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static PairedLanes Count(PairedLanes counts, PairedLanes values, PairedLanes least)
    {
        return new(
            Counted(counts._low, values._low, least._low),
            Counted(counts._high, values._high, least._high)
        );

        // A comparison that holds is −1.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        static Vector256<float> Counted(
            Vector256<float> counts,
            Vector256<float> values,
            Vector256<float> least
        ) => (counts.AsInt32() - Vector256.GreaterThanOrEqual(values, least).AsInt32()).AsSingle();
    }

    public static int SumOfCounts(PairedLanes counts) =>
        Vector256.Sum(counts._low.AsInt32() + counts._high.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Widened(PairedLanes values)
    {
        var (a, b) = Vector256.Widen(values._low);
        var (c, d) = Vector256.Widen(values._high);
        return Vector512.Create(a + c, b + d);
    }
}
