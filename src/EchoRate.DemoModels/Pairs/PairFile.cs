using EchoRate.DemoModels.Architectures;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Pairs;

/// <summary>Lays a miniature out as GGUF: keys and tensors under the names of its architecture.</summary>
internal static class PairFile
{
    // A query or key with one large dimension becomes √64 by its norm; with this weight BOS scores 2.5 × 8 × 8 ÷ √64 = 20.
    private const double QueryNormWeight = 2.5;

    private const uint MostlyMxfp4 = 38;

    internal static GgufWriter Compose(
        string name,
        string description,
        FamilyShape shape,
        GgufTensorType expertType,
        ConstructedVocabulary vocabulary,
        PairCircuit circuit
    )
    {
        var writer = ConstructedFile.Begin(shape.Architecture, name, description);
        if (expertType == GgufTensorType.MXFP4)
        {
            writer.Set("general.file_type", GgufValue.U32(MostlyMxfp4));
        }
        AddKeys(writer, shape, vocabulary);
        writer.AddVocabulary(vocabulary).AddMatrix("token_embd.weight", circuit.Embedding);
        writer.AddVector("output_norm.weight", circuit.OutputNorm);
        if (circuit.Head is { } head)
        {
            writer.AddMatrix("output.weight", head);
        }
        for (var i = 0; i < circuit.Layers.Count; i++)
        {
            AddAttention(writer, $"blk.{i}", shape, circuit.Layers[i]);
            if (shape.HasExperts)
            {
                ExpertTensors.Add(writer, $"blk.{i}", circuit.Layers[i].FeedForward, expertType);
            }
            else
            {
                AddFeedForward(writer, $"blk.{i}", shape, circuit.Layers[i]);
            }
        }
        return writer;
    }

    private static void AddKeys(
        GgufWriter writer,
        FamilyShape shape,
        ConstructedVocabulary vocabulary
    )
    {
        void Number(string key, int value) =>
            writer.Add($"{shape.Architecture}.{key}", GgufValue.U32((uint)value));

        Number("vocab_size", vocabulary.Tokens.Length);
        Number("context_length", 512);
        Number("embedding_length", PairLayout.Size);
        Number("block_count", shape.LayerCount);
        Number(
            "feed_forward_length",
            shape.HasExperts ? ExpertCircuit.UnitCount : PairCircuit.UnitCount
        );
        Number("attention.head_count", PairLayer.HeadCount);
        Number("attention.head_count_kv", PairLayer.KeyHeadCount);
        Number("attention.key_length", PairLayer.HeadSize);
        Number("attention.value_length", PairLayer.HeadSize);
        writer
            .Add(
                $"{shape.Architecture}.attention.layer_norm_rms_epsilon",
                GgufValue.F32(shape.NormEpsilon)
            )
            .Add($"{shape.Architecture}.rope.freq_base", GgufValue.F32(shape.RopeBase));
        foreach (var (key, value) in shape.Keys)
        {
            writer.Add(key, value);
        }
    }

    private static void AddAttention(
        GgufWriter writer,
        string block,
        FamilyShape shape,
        PairLayer layer
    )
    {
        writer
            .AddVector($"{block}.attn_norm.weight", Ones(PairLayout.Size))
            .AddMatrix($"{block}.attn_q.weight", layer.Query)
            .AddMatrix($"{block}.attn_k.weight", layer.Key)
            .AddMatrix($"{block}.attn_v.weight", layer.Value)
            .AddMatrix($"{block}.attn_output.weight", layer.AttentionOutput);
        if (shape.HasHeadNorms)
        {
            writer
                .AddVector($"{block}.attn_q_norm.weight", Ones(PairLayer.HeadSize, QueryNormWeight))
                .AddVector($"{block}.attn_k_norm.weight", Ones(PairLayer.HeadSize));
        }
        if (shape.HasPostNorms)
        {
            writer.AddVector($"{block}.post_attention_norm.weight", layer.AttentionPostNorm);
        }
    }

    private static void AddFeedForward(
        GgufWriter writer,
        string block,
        FamilyShape shape,
        PairLayer layer
    )
    {
        var part = layer.FeedForward[0];
        writer
            .AddVector($"{block}.ffn_norm.weight", Ones(PairLayout.Size))
            .AddMatrix($"{block}.ffn_gate.weight", part.Gate)
            .AddMatrix($"{block}.ffn_up.weight", part.Up)
            .AddMatrix($"{block}.ffn_down.weight", part.Down);
        if (shape.HasPostNorms)
        {
            writer.AddVector($"{block}.post_ffw_norm.weight", layer.FeedForwardPostNorm);
        }
    }

    private static double[] Ones(int count, double factor = 1) =>
        [.. Enumerable.Repeat(factor, count)];
}
