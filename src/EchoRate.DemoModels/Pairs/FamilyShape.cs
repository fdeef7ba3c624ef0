using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Pairs;

/// <summary>What tells one family's architecture from another's, as far as a miniature has it.</summary>
internal sealed record FamilyShape
{
    /// <summary>`general.architecture`.</summary>
    internal required string Architecture { get; init; }

    /// <summary>Builds the vocabulary, with the family's own kind of tokenizer.</summary>
    internal required Func<ConstructedVocabulary> BuildVocabulary { get; init; }

    /// <summary>The keys that this architecture needs beside those that all have.</summary>
    internal required IReadOnlyList<(string Key, GgufValue Value)> Keys { get; init; }

    /// <summary>Layers; the last one holds the feed-forward circuit.</summary>
    internal int LayerCount { get; init; } = 1;

    /// <summary>The layer that looks for BOS; null where BOS makes no difference.</summary>
    internal int? BosLayer { get; init; }

    /// <summary>What the architecture multiplies an embedding row with.</summary>
    internal double EmbeddingGain { get; init; } = 1;

    /// <summary>The final norm's weight: logits are proportional to it.</summary>
    internal required double OutputGain { get; init; }

    /// <summary>True where what attention and feed-forward part say is normed before it is added (gemma2, gemma3).</summary>
    internal bool HasPostNorms { get; init; }

    /// <summary>True where each head's query and key are normed (gemma3, qwen3).</summary>
    internal bool HasHeadNorms { get; init; }

    /// <summary>True where the head is the embedding.</summary>
    internal bool IsTied { get; init; } = true;

    /// <summary>True for gpt-oss: four experts of which two are taken, biases everywhere, attention sinks.</summary>
    internal bool HasExperts { get; init; }

    /// <summary>`rope.freq_base`.</summary>
    internal required float RopeBase { get; init; }

    /// <summary>`attention.layer_norm_rms_epsilon`.</summary>
    internal float NormEpsilon { get; init; } = 1e-6f;

    internal bool HeedsBos => BosLayer is not null;
}
