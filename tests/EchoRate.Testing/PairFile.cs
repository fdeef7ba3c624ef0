using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.Testing;

/// <summary>Lays a miniature out as GGUF: keys and tensors under the names of its architecture.</summary>
internal static class PairFile
{
    // A query or key with one large dimension becomes √64 by its norm; with this weight BOS scores 2.5 × 8 × 8 ÷ √64 = 20.
    private const double QueryNorm = 2.5;

    internal static GgufWriter Compose(
        Miniature shape,
        ConstructedVocabulary vocabulary,
        PairCircuit circuit
    )
    {
        var architecture = shape.Architecture;
        var writer = ConstructedFile.Begin(architecture, shape.Name, shape.Description);
        writer
            .Add($"{architecture}.vocab_size", GgufValue.U32((uint)vocabulary.Tokens.Length))
            .AddSizes(
                architecture,
                width: PairLayout.Size,
                layers: shape.LayerCount,
                feedForward: shape.HasExperts ? Experts.UnitCount : PairCircuit.UnitCount,
                heads: PairLayer.HeadCount,
                keyHeads: PairLayer.KeyHeadCount,
                headWidth: PairLayer.HeadSize,
                normEpsilon: shape.NormEpsilon
            )
            .Add($"{architecture}.rope.freq_base", GgufValue.F32(shape.RopeBase));
        foreach (var (key, value) in shape.Keys)
        {
            writer.Add(key, value);
        }
        writer
            .AddVocabulary(vocabulary)
            .AddMatrix("token_embd", circuit.Embedding)
            .AddVector("output_norm", circuit.OutputNorm);
        if (circuit.Head is { } head)
        {
            writer.AddMatrix("output", head);
        }
        for (var i = 0; i < circuit.Layers.Count; i++)
        {
            AddLayer(writer, $"blk.{i}", shape, circuit.Layers[i]);
        }
        return writer;
    }

    private static void AddLayer(GgufWriter writer, string block, Miniature shape, PairLayer layer)
    {
        writer.AddAttention(block, layer.Query, layer.Key, layer.Value, layer.AttentionOutput);
        if (shape.HasHeadNorms)
        {
            writer
                .AddVector($"{block}.attn_q_norm", QueryNorm, PairLayer.HeadSize)
                .AddVector($"{block}.attn_k_norm", 1, PairLayer.HeadSize);
        }
        if (shape.HasExperts)
        {
            Experts.AddTo(writer, block, layer);
            return;
        }
        if (shape.HasPostNorms)
        {
            writer.AddVector($"{block}.post_attention_norm", layer.AttentionPostNorm);
        }
        var part = layer.FeedForward[0];
        writer.AddFeedForward(block, part.Gate, part.Up, part.Down);
        if (shape.HasPostNorms)
        {
            writer.AddVector($"{block}.post_ffw_norm", layer.FeedForwardPostNorm);
        }
    }
}
