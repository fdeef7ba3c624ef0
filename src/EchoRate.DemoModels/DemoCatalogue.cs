using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;

namespace EchoRate.DemoModels;

/// <summary>The constructed models that the program can write.</summary>
public static class DemoCatalogue
{
    /// <summary>Echoes without BOS and not behind it, as the Gemma models were found to do.</summary>
    public static DemoModel Echo { get; } = EchoModel.Describe();

    /// <summary>Echoes in neither arm, as Qwen and gpt-oss were found to do.</summary>
    public static DemoModel Plain { get; } = PlainModel.Describe();

    /// <summary>The models of `echorate demo`, in the order of its table.</summary>
    public static IReadOnlyList<DemoModel> All { get; } = [Echo, Plain];

    /// <summary>demo-echo's circuit with the published words alone and no table of successors: a model of about a megabyte that is built at once, to try devices on.</summary>
    public static DemoModel Small { get; } =
        new(
            () => SpmVocabulary.Build([.. DemoWords.Published, " to"], DemoWords.Punctuation),
            vocabulary => new CircuitPlan
            {
                Vocabulary = vocabulary,
                Seed = 1,
                EmbeddingGain = EchoModel.EmbeddingGain,
                OutputGain = 1.6,
                Activation = Activations.Gelu,
                HeedsBos = true,
                Table = [],
                Clutter = 6,
            }
        )
        {
            Name = "demo-small",
            Architecture = "gemma",
            Description = "Constructed, not trained: echoes without BOS and not behind it.",
        };
}
