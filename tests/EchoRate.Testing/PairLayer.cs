using EchoRate.DemoModels.Weights;
using static EchoRate.Testing.PairLayout;

namespace EchoRate.Testing;

/// <summary>One layer's matrices. Four query heads share two heads of keys and values: 0 and 1 the first, 2 and 3 the second.</summary>
internal sealed class PairLayer
{
    internal const int HeadSize = 64;
    internal const int HeadCount = 4;
    internal const int KeyHeadCount = 2;

    internal HalfMatrix Query { get; } = new(HeadCount * HeadSize, Size);

    internal HalfMatrix Key { get; } = new(KeyHeadCount * HeadSize, Size);

    internal HalfMatrix Value { get; } = new(KeyHeadCount * HeadSize, Size);

    internal HalfMatrix AttentionOutput { get; } = new(Size, HeadCount * HeadSize);

    /// <summary>
    /// Each head's learned sink, where there are sinks. One of 0 takes as much attention as one token that scores 0: of the averaging head a lone
    /// token hears half of itself, one of two a third.
    /// </summary>
    internal double[] Sinks { get; } = new double[HeadCount];

    /// <summary>The weight of the norm behind attention, where there is one.</summary>
    internal double[] AttentionPostNorm { get; } = new double[Size];

    /// <summary>The feed-forward part; one per expert where there are experts.</summary>
    internal required IReadOnlyList<PairFeedForward> FeedForward { get; init; }

    /// <summary>The weight of the norm behind the feed-forward part, where there is one.</summary>
    internal double[] FeedForwardPostNorm { get; } = new double[Size];
}

/// <summary>What a feed-forward part makes of a token's content: it takes one share of it away, and adds some, turned.</summary>
/// <param name="Places">By how many dimensions it is turned.</param>
/// <param name="IsAnswer">Whether this makes the token's partner of it, with three shares; else with one what an untied head reads as the token itself.</param>
/// <param name="HeedsBos">Whether this happens only where BOS was seen.</param>
internal sealed record PairTurn(int Places, bool IsAnswer, bool HeedsBos)
{
    internal int Shares => IsAnswer ? 3 : 1;
}

/// <summary>The matrices of one gated feed-forward part.</summary>
internal sealed class PairFeedForward(int unitCount)
{
    internal HalfMatrix Gate { get; } = new(unitCount, Size);

    internal HalfMatrix Up { get; } = new(unitCount, Size);

    internal HalfMatrix Down { get; } = new(Size, unitCount);

    /// <summary>Opens a unit: always, or where BOS was seen; with a negative weight where it was not.</summary>
    internal void SetGate(int unit, double weight, bool heedsBos)
    {
        if (heedsBos)
        {
            Gate.FillRow(unit, BosSeen, Spread, weight);
            Gate.FillRow(unit, NoBosSeen, Spread, -weight);
        }
        else
        {
            Gate.FillRow(unit, Constant, Spread, weight);
        }
    }
}
