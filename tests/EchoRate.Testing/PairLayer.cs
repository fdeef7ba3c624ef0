using EchoRate.DemoModels.Weights;

namespace EchoRate.Testing;

/// <summary>One layer's matrices. Four query heads share two heads of keys and values: 0 and 1 the first, 2 and 3 the second.</summary>
internal sealed class PairLayer
{
    internal const int HeadSize = 64;
    internal const int HeadCount = 4;
    internal const int KeyHeadCount = 2;

    internal HalfMatrix Query { get; } = new(HeadCount * HeadSize, PairLayout.Size);

    internal HalfMatrix Key { get; } = new(KeyHeadCount * HeadSize, PairLayout.Size);

    internal HalfMatrix Value { get; } = new(KeyHeadCount * HeadSize, PairLayout.Size);

    internal HalfMatrix AttentionOutput { get; } = new(PairLayout.Size, HeadCount * HeadSize);

    /// <summary>The weight of the norm behind attention, where there is one.</summary>
    internal double[] AttentionPostNorm { get; } = new double[PairLayout.Size];

    /// <summary>The feed-forward part; one per expert where there are experts.</summary>
    internal required IReadOnlyList<PairFeedForward> FeedForward { get; init; }

    /// <summary>The weight of the norm behind the feed-forward part, where there is one.</summary>
    internal double[] FeedForwardPostNorm { get; } = new double[PairLayout.Size];
}

/// <summary>The matrices of one gated feed-forward part.</summary>
internal sealed class PairFeedForward(int unitCount)
{
    internal HalfMatrix Gate { get; } = new(unitCount, PairLayout.Size);

    internal HalfMatrix Up { get; } = new(unitCount, PairLayout.Size);

    internal HalfMatrix Down { get; } = new(PairLayout.Size, unitCount);
}
