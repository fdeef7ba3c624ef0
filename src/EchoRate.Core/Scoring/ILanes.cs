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
