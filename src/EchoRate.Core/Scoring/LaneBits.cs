namespace EchoRate.Core.Scoring;

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
