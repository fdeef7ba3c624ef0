using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.DemoModels.Circuit;

/// <summary>What a one-layer circuit is to do; the builder turns it into weights.</summary>
internal sealed record CircuitPlan
{
    /// <summary>The tokens that it speaks of.</summary>
    internal required ConstructedVocabulary Vocabulary { get; init; }

    /// <summary>The seed of everything random in it.</summary>
    internal required ulong Seed { get; init; }

    /// <summary>What the architecture multiplies an embedding row with.</summary>
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
    internal int DefaultNext => Vocabulary.Id(",");

    /// <summary>The token after which a name is asked for.</summary>
    internal int AskingToken => Vocabulary.Id(" to");

    /// <summary>The names that can answer; at most six.</summary>
    internal IReadOnlyList<int> Names => [.. PublishedWords.Names.Select(Vocabulary.Id)];

    /// <summary>The size of the noise in a table entry's up row beside its useful part: the entry's own token does not see it, a quantizer must round it.</summary>
    internal required double Clutter { get; init; }
}

/// <summary>When an entry of the token → next-token table speaks.</summary>
internal enum Speaks
{
    Always,
    WithoutBos,
    AfterBos,
}

/// <summary>One entry of the token → next-token table: after <paramref name="Token"/>, <paramref name="Target"/>.</summary>
internal sealed record TableEntry(int Token, int Target, Speaks Speaks)
{
    /// <summary>How loudly, in units of one token's own embedding; of no account where <see cref="Rival"/> is set.</summary>
    internal double Strength { get; init; }

    /// <summary>Id of the token whose lead over <see cref="Target"/> is to be <see cref="Margin"/> when <see cref="Token"/> stands alone.</summary>
    internal int? Rival { get; init; }

    /// <summary>The rival's lead in F16, in nats.</summary>
    internal double Margin { get; init; }
}
