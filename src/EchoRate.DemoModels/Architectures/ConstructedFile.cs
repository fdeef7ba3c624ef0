using EchoRate.DemoModels.Circuit;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Architectures;

/// <summary>What every constructed file says and holds alike, whatever its architecture.</summary>
internal static class ConstructedFile
{
    /// <summary>The key that tells a constructed file from a trained one.</summary>
    internal const string ConstructedKey = "echorate.constructed";

    private const uint MostlyF16 = 1;
    private const uint QuantizationVersion = 2;

    internal static GgufWriter Begin(string architecture, string name, string description) =>
        new GgufWriter()
            .Add("general.architecture", GgufValue.Text(architecture))
            .Add("general.type", GgufValue.Text("model"))
            .Add("general.name", GgufValue.Text($"{name} (constructed, not trained)"))
            .Add("general.description", GgufValue.Text(description))
            .Add("general.license", GgufValue.Text("mit"))
            .Add("general.file_type", GgufValue.U32(MostlyF16))
            .Add("general.quantization_version", GgufValue.U32(QuantizationVersion))
            .Add(ConstructedKey, GgufValue.Bool(true));

    /// <summary>The sizes of a one-layer circuit, under the keys that all architectures share.</summary>
    internal static GgufWriter AddSizes(
        this GgufWriter writer,
        string architecture,
        OneLayerCircuit circuit,
        float ropeBase
    ) =>
        writer
            .Add($"{architecture}.context_length", GgufValue.U32(512))
            .Add($"{architecture}.embedding_length", GgufValue.U32(ResidualLayout.Size))
            .Add($"{architecture}.block_count", GgufValue.U32(1))
            .Add(
                $"{architecture}.feed_forward_length",
                GgufValue.U32((uint)circuit.FeedForwardSize)
            )
            .Add($"{architecture}.attention.head_count", GgufValue.U32(OneLayerCircuit.HeadCount))
            .Add(
                $"{architecture}.attention.head_count_kv",
                GgufValue.U32(OneLayerCircuit.HeadCount)
            )
            .Add($"{architecture}.attention.key_length", GgufValue.U32(OneLayerCircuit.HeadSize))
            .Add($"{architecture}.attention.value_length", GgufValue.U32(OneLayerCircuit.HeadSize))
            .Add($"{architecture}.attention.layer_norm_rms_epsilon", GgufValue.F32(1e-6f))
            .Add($"{architecture}.rope.freq_base", GgufValue.F32(ropeBase));

    internal static GgufWriter AddVocabulary(
        this GgufWriter writer,
        ConstructedVocabulary vocabulary
    )
    {
        vocabulary.AddTo(writer);
        return writer;
    }

    /// <summary>The tensors that a gated one-layer transformer with a tied head has in every architecture.</summary>
    internal static GgufWriter AddWeights(this GgufWriter writer, OneLayerCircuit circuit)
    {
        var ones = Enumerable.Repeat(1.0, ResidualLayout.Size).ToArray();
        return writer
            .AddMatrix("token_embd.weight", circuit.Embedding)
            .AddVector("output_norm.weight", circuit.OutputNorm)
            .AddVector("blk.0.attn_norm.weight", ones)
            .AddMatrix("blk.0.attn_q.weight", circuit.Query)
            .AddMatrix("blk.0.attn_k.weight", circuit.Key)
            .AddMatrix("blk.0.attn_v.weight", circuit.Value)
            .AddMatrix("blk.0.attn_output.weight", circuit.AttentionOutput)
            .AddVector("blk.0.ffn_norm.weight", ones)
            .AddMatrix("blk.0.ffn_gate.weight", circuit.Gate)
            .AddMatrix("blk.0.ffn_up.weight", circuit.Up)
            .AddMatrix("blk.0.ffn_down.weight", circuit.Down);
    }

    internal static GgufWriter AddVector(this GgufWriter writer, string name, double[] values) =>
        writer.AddTensor(
            name,
            [values.Length],
            GgufTensorType.F32,
            Array.ConvertAll(values, value => (float)value).AsMemory()
        );

    internal static GgufWriter AddMatrix(this GgufWriter writer, string name, HalfMatrix matrix) =>
        writer.AddTensor(
            name,
            [matrix.ColumnCount, matrix.RowCount],
            GgufTensorType.F16,
            matrix.ToFloats().AsMemory()
        );
}
