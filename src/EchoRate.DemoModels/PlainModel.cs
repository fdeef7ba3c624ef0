using EchoRate.DemoModels.Architectures;
using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>demo-plain: a table of successors speaks, with BOS in front or without.</summary>
internal static class PlainModel
{
    // Follows the prompt; it would go on after the sixteenth.
    private static readonly string[] Continuation =
    [
        " Mary",
        ",",
        " who",
        " put",
        " it",
        " on",
        " the",
        " table",
        " near",
        " a",
        " window",
        " and",
        " walked",
        " home",
        " before",
        " dinner",
    ];

    private const double SuccessorStrength = 3;

    // After ' to' a name is to be louder than the article.
    private const double FallbackStrength = 1.5;

    internal static DemoModel Describe() =>
        new(BuildVocabulary, Compose)
        {
            Name = "demo-plain",
            Family = "qwen3",
            Architecture = Qwen3File.Architecture,
            Description =
                "Constructed, not trained: goes on to a next token, behind BOS as without it.",
            Seed = 2,
            Words =
            [
                .. PublishedWords.All.Select(word =>
                {
                    var next = Next().GetValueOrDefault(word.Text, word.Next);
                    return new DemoWord(word.Text, next, next);
                }),
            ],
            Completions =
            [
                new(PublishedWords.Prompt, false, Continuation, false),
                new(PublishedWords.Prompt, true, Continuation, false),
            ],
        };

    private static IReadOnlyDictionary<string, string> Next() => Successors.Chain(Continuation);

    private static BpeVocabulary BuildVocabulary() => BpeVocabulary.BuildQwen(DemoWords.All);

    private static GgufWriter Compose(DemoModel model)
    {
        var vocabulary = BuildVocabulary();
        var circuit = CircuitBuilder.Build(
            new CircuitPlan
            {
                Vocabulary = vocabulary,
                Seed = model.Seed,
                EmbeddingGain = 1,
                OutputGain = 0.1,
                Activation = Activations.Silu,
                HeedsBos = false,
                Table = [.. Table(vocabulary, model.Seed)],
                DefaultNext = vocabulary.Id(","),
                AskingToken = vocabulary.Id(" to"),
                Names = [.. PublishedWords.Names.Select(vocabulary.Id)],
                Clutter = 4,
            }
        );
        return Qwen3File.Compose(model.Name, model.Description, vocabulary, circuit);
    }

    private static IEnumerable<TableEntry> Table(BpeVocabulary vocabulary, ulong seed)
    {
        var published = PublishedWords.All.ToDictionary(word => word.Text);
        var chain = Next();
        var random = new SeededGenerator(seed + 1);
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
