using EchoRate.DemoModels.Weights;

namespace EchoRate.DemoModels.Circuit;

/// <summary>The weights of one transformer layer with a tied head, in the shapes that the files want.</summary>
internal sealed class OneLayerCircuit(int vocabularySize, int feedForwardSize)
{
    internal const int HeadCount = 4;
    internal const int HeadSize = ResidualLayout.Size / HeadCount;

    /// <summary>One row per token; also the output head.</summary>
    internal HalfMatrix Embedding { get; } = new(vocabularySize, ResidualLayout.Size);

    internal HalfMatrix Query { get; } = new(ResidualLayout.Size, ResidualLayout.Size);

    internal HalfMatrix Key { get; } = new(ResidualLayout.Size, ResidualLayout.Size);

    internal HalfMatrix Value { get; } = new(ResidualLayout.Size, ResidualLayout.Size);

    internal HalfMatrix AttentionOutput { get; } = new(ResidualLayout.Size, ResidualLayout.Size);

    internal HalfMatrix Gate { get; } = new(feedForwardSize, ResidualLayout.Size);

    internal HalfMatrix Up { get; } = new(feedForwardSize, ResidualLayout.Size);

    internal HalfMatrix Down { get; } = new(ResidualLayout.Size, feedForwardSize);

    internal int FeedForwardSize => feedForwardSize;

    /// <summary>Final norm: the reserved dimensions are hidden from the head.</summary>
    internal double[] OutputNorm { get; } = new double[ResidualLayout.Size];
}
