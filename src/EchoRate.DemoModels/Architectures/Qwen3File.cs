using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Architectures;

/// <summary>Qwen3: RMS norms, also on each head's query and key, RoPE, SwiGLU, head tied to the embedding as in qwen3-4b.</summary>
internal static class Qwen3File
{
    internal const string Architecture = "qwen3";

    // A query or key of one large dimension becomes √64 there; together with this weight a name scores 12 at the asking token.
    private const double QueryNormWeight = 1.5;

    internal static GgufWriter Compose(
        string name,
        string description,
        BpeVocabulary vocabulary,
        OneLayerCircuit circuit
    ) =>
        ConstructedFile
            .Begin(Architecture, name, description)
            .AddSizes(Architecture, circuit, ropeBase: 1_000_000)
            .AddVocabulary(vocabulary)
            .AddWeights(circuit)
            .AddVector("blk.0.attn_q_norm.weight", HeadNorm(QueryNormWeight))
            .AddVector("blk.0.attn_k_norm.weight", HeadNorm(1));

    private static double[] HeadNorm(double weight) =>
        [.. Enumerable.Repeat(weight, OneLayerCircuit.HeadSize)];
}
