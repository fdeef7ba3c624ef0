using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.DemoModels.Circuit;

/// <summary>What a one-layer circuit is to do; the builder turns it into weights.</summary>
internal sealed record CircuitPlan
{
    /// <summary>The tokens that it speaks of.</summary>
    internal required ConstructedVocabulary Vocabulary { get; init; }

    /// <summary>The seed of everything random in it.</summary>
    internal required ulong Seed { get; init; }

    /// <summary>What the architecture multiplies an embedding row with: √256 in Gemma, else 1.</summary>
    internal required double EmbeddingGain { get; init; }

    /// <summary>The final norm's weight: logits are proportional to it.</summary>
    internal required double OutputGain { get; init; }

    /// <summary>The gate function of the feed-forward part.</summary>
    internal required Func<double, double> Activation { get; init; }

    /// <summary>True where it stops echoing only behind BOS; false where it never echoes.</summary>
    internal required bool HeedsBos { get; init; }

    /// <summary>The token → next-token table; a token's loud entries before those that contend with them.</summary>
    internal required IReadOnlyList<TableEntry> Table { get; init; }

    /// <summary>What follows a token that has no entry.</summary>
    internal required int DefaultNext { get; init; }

    /// <summary>The token after which a name is asked for.</summary>
    internal required int AskingToken { get; init; }

    /// <summary>The names that can answer; at most <see cref="ResidualLayout.NameCount"/>.</summary>
    internal required IReadOnlyList<int> Names { get; init; }

    /// <summary>
    /// How much larger than its useful part the useless part of a table entry's up row is: noise that the entry's own
    /// token does not see, and that a quantizer must round all the same.
    /// </summary>
    internal required double Clutter { get; init; }
}
