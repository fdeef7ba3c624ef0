using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EchoRate.Core.Scoring;

/// <summary>Facts about all <see cref="ILanes{T}"/>.</summary>
internal static class Lanes
{
    /// <summary>Floats side by side.</summary>
    public const int Count = 16;
}

/// <summary>
/// Sixteen floats side by side, in one register of 512 bits or in two of 256: what is summed up in lanes has the same digits in both.
/// .NET's own <c>Vector512</c> does without such registers too, but a tenth slower.
/// </summary>
/// <typeparam name="T">The type itself.</typeparam>
internal interface ILanes<T>
    where T : struct, ILanes<T>
{
    /// <summary>The same value in all lanes.</summary>
    static abstract T Create(float value);

    /// <summary>Reads sixteen floats.</summary>
    static abstract T Load(ref float first, nuint at);

    /// <summary>Writes sixteen floats.</summary>
    static abstract void Store(T lanes, ref float first, nuint at);

    static abstract T operator +(T a, T b);

    static abstract T operator -(T a, T b);

    static abstract T operator *(T a, T b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    /// <summary>Values times two to the power of whole numbers that stand in the lowest bits of others.</summary>
    static abstract T ScaledByLowestBits(T values, T powers);

    /// <summary>Whether any value is not between two negative ones, ends included: NaN and infinity are not.</summary>
    static abstract bool AnyOutside(T values, float low, float high);

    /// <summary>Counts, as whole numbers in the bits of each lane: 1 more where a value is at least as large as another.</summary>
    static abstract T Count(T counts, T values, T least);

    /// <summary>The counts of all lanes together.</summary>
    static abstract int SumOfCounts(T counts);

    /// <summary>The values in double, each of the first eight lanes added to the one eight further on.</summary>
    static abstract Vector512<double> Widened(T values);
}

/// <summary>
/// How a float's bits are used as a whole number (IEEE 754, binary32). Those of negative floats grow as the float falls: from a <c>high</c> to a
/// <c>low</c> one they are a range, and nothing else is in it, NaN and infinity neither. Moved to the bottom of all whole numbers it takes one
/// comparison to tell.
/// </summary>
internal static class LaneBits
{
    /// <summary>Bits of the fraction: a whole number that is shifted by them is added to the power of two.</summary>
    public const int OfFraction = 23;

    /// <summary>What is added to the bits of <paramref name="high"/> to give the least whole number.</summary>
    public static int ToLowest(float high) =>
        unchecked(int.MinValue - BitConverter.SingleToInt32Bits(high));

    /// <summary>What the bits of <paramref name="low"/> are then: the largest of the range.</summary>
    public static int Highest(float low, float high) =>
        unchecked(BitConverter.SingleToInt32Bits(low) + ToLowest(high));
}

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
