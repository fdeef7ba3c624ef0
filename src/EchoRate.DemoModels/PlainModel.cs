using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;

namespace EchoRate.DemoModels;

/// <summary>demo-plain: a table of successors speaks, with BOS in front or without.</summary>
/// <remarks>Qwen3: RMS norms, also on each head's query and key, RoPE, SwiGLU, head tied to the embedding as in qwen3-4b.</remarks>
internal static class PlainModel
{
    // Follows the prompt; it would go on after the sixteenth.
    internal static string[] Continuation { get; } =
        " Mary|,| who| put| it| on| the| table| near| a| window| and| walked| home| before| dinner".Split(
            '|'
        );

    private const ulong Seed = 2;

    private const double SuccessorStrength = 3;

    // After ' to' a name is to be louder than the article.
    private const double FallbackStrength = 1.5;

    internal static DemoModel Describe() =>
        new(() => BpeVocabulary.Build(DemoWords.All, BpeFlavour.Qwen), Plan)
        {
            Name = "demo-plain",
            Architecture = "qwen3",
            Description =
                "Constructed, not trained: goes on to a next token, behind BOS as without it.",
            RopeBase = 1_000_000,
            // A query or key of one large dimension becomes √64 by its norm; with this weight a name scores 12 at the asking token.
            QueryNorm = 1.5,
        };

    internal static IReadOnlyDictionary<string, string> Next() => Successors.Chain(Continuation);

    private static CircuitPlan Plan(ConstructedVocabulary vocabulary) =>
        new()
        {
            Vocabulary = vocabulary,
            Seed = Seed,
            EmbeddingGain = 1,
            OutputGain = 0.1,
            Activation = Activations.Silu,
            HeedsBos = false,
            Table = [.. Table(vocabulary)],
            Clutter = 4,
        };

    private static IEnumerable<TableEntry> Table(ConstructedVocabulary vocabulary)
    {
        var published = PublishedWords.All.ToDictionary(word => word.Text);
        var chain = Next();
        var random = new SeededGenerator(Seed + 1);
        foreach (var word in DemoWords.Spaced.Concat([","]))
        {
            var (next, alternative) = Successors.Draw(random, word);
            var margin = 0.3 + (5 * random.NextUniform());
            if (published.TryGetValue(word, out var own))
            {
                // Wide enough that the BOS in the average of the context does not decide it.
                (next, alternative, margin) = (own.Next, own.Alternative, margin + 1.5);
            }
            if (word == " to")
            {
                (next, alternative, margin) = (" the", " a", 3);
            }
            if (chain.TryGetValue(word, out var chained))
            {
                (next, alternative, margin) = (chained, chained == " and" ? " or" : " and", 5);
            }
            var entry = new TableEntry(vocabulary.Id(word), vocabulary.Id(next), Speaks.Always)
            {
                Strength = word == " to" ? FallbackStrength : SuccessorStrength,
            };
            yield return entry;
            yield return entry with
            {
                Target = vocabulary.Id(alternative),
                Rival = entry.Target,
                Margin = margin,
            };
        }
    }
}
