using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EchoRate.Core.Scoring;

/// <summary>Sixteen floats in one register of 512 bits (AVX-512).</summary>
internal readonly struct WideLanes : ILanes<WideLanes>
{
    private readonly Vector512<float> _all;

    private WideLanes(Vector512<float> all) => _all = all;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Create(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Load(ref float first, nuint at) =>
        new(Vector512.LoadUnsafe(ref first, at));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(WideLanes lanes, ref float first, nuint at) =>
        lanes._all.StoreUnsafe(ref first, at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator +(WideLanes a, WideLanes b) => new(a._all + b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator -(WideLanes a, WideLanes b) => new(a._all - b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes operator *(WideLanes a, WideLanes b) => new(a._all * b._all);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes FusedMultiplyAdd(WideLanes a, WideLanes b, WideLanes c) =>
        new(Vector512.FusedMultiplyAdd(a._all, b._all, c._all));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes ScaledByLowestBits(WideLanes values, WideLanes powers) =>
        new(
            (
                values._all.AsInt32()
                + Vector512.ShiftLeft(powers._all.AsInt32(), LaneBits.OfFraction)
            ).AsSingle()
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AnyOutside(WideLanes values, float low, float high) =>
        Vector512.GreaterThanAny(
            values._all.AsInt32() + Vector512.Create(LaneBits.ToLowest(high)),
            Vector512.Create(LaneBits.Highest(low, high))
        );

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static WideLanes Count(WideLanes counts, WideLanes values, WideLanes least)
    {
        var (were, reaches) = (
            counts._all.AsInt32(),
            Vector512.GreaterThanOrEqual(values._all, least._all).AsInt32()
        );
        // One instruction, under a mask.
        return new(
            Vector512.ConditionalSelect(reaches, were + Vector512<int>.One, were).AsSingle()
        );
    }

    public static int SumOfCounts(WideLanes counts) => Vector512.Sum(counts._all.AsInt32());

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<double> Widened(WideLanes values)
    {
        var (low, high) = Vector512.Widen(values._all);
        return low + high;
    }
}
