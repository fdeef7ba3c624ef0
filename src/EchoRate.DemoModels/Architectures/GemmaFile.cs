using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Architectures;

/// <summary>Gemma 1: embedding × √n_embd, RMS norms (the file holds weight + 1), RoPE, GeGLU, head tied to the embedding.</summary>
internal static class GemmaFile
{
    internal const string Architecture = "gemma";

    /// <summary>√256.</summary>
    internal const double EmbeddingGain = 16;

    internal static GgufWriter Compose(
        string name,
        string description,
        SpmVocabulary vocabulary,
        OneLayerCircuit circuit
    ) =>
        ConstructedFile
            .Begin(Architecture, name, description)
            .AddSizes(Architecture, circuit, ropeBase: 10_000)
            .AddVocabulary(vocabulary)
            .AddWeights(circuit);
}
