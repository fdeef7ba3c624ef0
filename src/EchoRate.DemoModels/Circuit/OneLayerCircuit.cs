using EchoRate.DemoModels.Weights;
using static EchoRate.DemoModels.Circuit.ResidualLayout;

namespace EchoRate.DemoModels.Circuit;

/// <summary>The weights of one transformer layer with a tied head, in the shapes that the files want.</summary>
internal sealed class OneLayerCircuit(int vocabularySize, int feedForwardSize)
{
    internal const int HeadCount = 4;
    internal const int HeadSize = Size / HeadCount;

    /// <summary>One row per token; also the output head.</summary>
    internal HalfMatrix Embedding { get; } = new(vocabularySize, Size);

    internal HalfMatrix Query { get; } = new(Size, Size);

    internal HalfMatrix Key { get; } = new(Size, Size);

    internal HalfMatrix Value { get; } = new(Size, Size);

    internal HalfMatrix AttentionOutput { get; } = new(Size, Size);

    internal HalfMatrix Gate { get; } = new(feedForwardSize, Size);

    internal HalfMatrix Up { get; } = new(feedForwardSize, Size);

    internal HalfMatrix Down { get; } = new(Size, feedForwardSize);

    /// <summary>Final norm: the reserved dimensions are hidden from the head.</summary>
    internal double[] OutputNorm { get; } = new double[Size];
}
