using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;

namespace EchoRate.DemoModels;

/// <summary>demo-echo: without BOS a token comes back, unless a neighbour is nearer; behind BOS a table of successors speaks.</summary>
/// <remarks>Gemma 1: embedding × √n_embd, RMS norms (the file holds weight + 1), RoPE, GeGLU, head tied to the embedding.</remarks>
internal static class EchoModel
{
    // Follows ' Mary' of the prompt; the sentence ends by the end-of-sequence token.
    internal static string[] Continuation { get; } =
        " Mary|.| She| thanked| him| with| a| smile|!".Split('|');

    /// <summary>√256.</summary>
    internal const double EmbeddingGain = 16;

    // Of thirteen seeds tried, the one whose ladder falls step by step on the 27 words and on the whole vocabulary.
    private const ulong Seed = 6;

    private const double SuccessorStrength = 2;
    private const double EchoStrength = 2.5;

    // After ' to' a name is to be louder than the article.
    private const double FallbackStrength = 1.5;

    internal static DemoModel Describe() =>
        new(() => SpmVocabulary.Build(DemoWords.All, DemoWords.Punctuation), Plan)
        {
            Name = "demo-echo",
            Architecture = "gemma",
            Description =
                "Constructed, not trained: echoes a lone token without BOS and does not behind BOS.",
        };

    private static CircuitPlan Plan(ConstructedVocabulary vocabulary) =>
        new()
        {
            Vocabulary = vocabulary,
            Seed = Seed,
            EmbeddingGain = EmbeddingGain,
            OutputGain = 1.6,
            Activation = Activations.Gelu,
            HeedsBos = true,
            Table = [.. AfterBos(vocabulary), .. Echoes(vocabulary)],
            Clutter = 6,
        };

    private static IEnumerable<TableEntry> Echoes(ConstructedVocabulary vocabulary)
    {
        foreach (var word in PublishedWords.All)
        {
            yield return Itself(vocabulary, word.Text);
            yield return Contended(vocabulary, word.Text, word.Neighbour, word.EchoMargin);
        }
        var random = new SeededGenerator(Seed + 1);
        var published = PublishedWords.All.Select(word => word.Text).ToHashSet();
        var ordinary = DemoWords.Spaced.Where(word => !published.Contains(word)).ToList();
        ordinary.Sort(StringComparer.Ordinal);
        for (var i = 0; i < ordinary.Count; i++)
        {
            // The asking token ends the published prompt; it is to come back beyond all doubt.
            var margin = ordinary[i] == " to" ? 6 : DrawMargin(random);
            yield return Itself(vocabulary, ordinary[i]);
            yield return Contended(
                vocabulary,
                ordinary[i],
                ordinary[(i + 1) % ordinary.Count],
                margin
            );
        }
    }

    // Four words in a hundred lose to their neighbour; of the others most lead by a nat or more.
    private static double DrawMargin(SeededGenerator random)
    {
        var u = random.NextUniform();
        if (u < 0.04)
        {
            return -0.2 - (20 * u);
        }
        var v = (u - 0.04) / 0.96;
        return 0.2 + (7.8 * v * Math.Sqrt(v));
    }

    private static TableEntry Itself(ConstructedVocabulary vocabulary, string word) =>
        new(vocabulary.Id(word), vocabulary.Id(word), Speaks.WithoutBos)
        {
            Strength = EchoStrength,
        };

    private static TableEntry Contended(
        ConstructedVocabulary vocabulary,
        string word,
        string neighbour,
        double margin
    ) =>
        new(vocabulary.Id(word), vocabulary.Id(neighbour), Speaks.WithoutBos)
        {
            Rival = vocabulary.Id(word),
            Margin = margin,
        };

    private static IEnumerable<TableEntry> AfterBos(ConstructedVocabulary vocabulary)
    {
        var next = new Dictionary<string, string>(Successors.Chain(Continuation));
        foreach (var word in PublishedWords.All)
        {
            next.TryAdd(word.Text, word.Next);
        }
        var random = new SeededGenerator(Seed + 2);
        foreach (var word in DemoWords.Spaced)
        {
            var (successor, _) = Successors.Draw(random, word);
            // The other three in four make do with the default: a unit per word would make the file larger and no wiser.
            if (random.NextIndex(4) == 0)
            {
                next.TryAdd(word, successor);
            }
        }
        next[" to"] = " the";
        next[" the"] = " other";
        next[","] = " and";
        foreach (var (word, successor) in next)
        {
            yield return new TableEntry(
                vocabulary.Id(word),
                vocabulary.Id(successor),
                Speaks.AfterBos
            )
            {
                Strength = word == " to" ? FallbackStrength : SuccessorStrength,
            };
        }
        yield return new TableEntry(
            vocabulary.Id(Continuation[^1]),
            vocabulary.EosId,
            Speaks.AfterBos
        )
        {
            Strength = SuccessorStrength,
        };
    }
}
