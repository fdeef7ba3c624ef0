namespace EchoRate.Machine.Planning;

/// <summary>What the planner knows of a model file: where its bytes are, and how wide its computations are.</summary>
public sealed partial record ModelShape
{
    /// <summary>What people call the file: <c>gemma3-27b Q4_K_M</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The blocks, in order.</summary>
    public required IReadOnlyList<LayerShape> Blocks { get; init; }

    /// <summary>Bytes of the token embedding and whatever else comes before the blocks: llama.cpp keeps them on the host.</summary>
    public required long InputBytes { get; init; }

    /// <summary>
    /// Bytes of the output layer. Where the token embedding is the output head too, it is counted here once more: llama.cpp makes a second
    /// copy when the head goes to a device.
    /// </summary>
    public required long OutputBytes { get; init; }

    /// <summary>Bytes of the output layer that are the token embedding's: on the host they stand there once.</summary>
    public long TiedBytes { get; init; }

    /// <summary>Entries of the vocabulary.</summary>
    public required long VocabularySize { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required long Width { get; init; }

    /// <summary>Units of the widest feed-forward layer; of a mixture, those of all experts that one token uses.</summary>
    public required long FeedForwardWidth { get; init; }

    /// <summary>Heads of queries.</summary>
    public required long Heads { get; init; }

    /// <summary>Width of a head.</summary>
    public required long HeadWidth { get; init; }

    /// <summary>Whether only the file's size was known, and the rest is what files of that size are like.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Layers as llama.cpp counts them: the blocks, and the output layer as one.</summary>
    public int Layers => Blocks.Count + 1;

    /// <summary>Whether there are experts.</summary>
    public bool HasExperts => Blocks.Any(block => block.ExpertBytes > 0);

    /// <summary>Bytes of all weights, each once.</summary>
    public long Bytes => InputBytes + OutputBytes - TiedBytes + Blocks.Sum(block => block.Bytes);
}
