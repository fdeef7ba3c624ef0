using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>The sizes that every architecture's header names.</summary>
internal sealed record FileSizes
{
    internal int Context { get; init; } = 512;
    internal required int Width { get; init; }
    internal required int Layers { get; init; }
    internal required int FeedForward { get; init; }
    internal required int Heads { get; init; }
    internal required int KeyHeads { get; init; }
    internal required int HeadWidth { get; init; }
    internal float NormEpsilon { get; init; } = 1e-6f;
}

/// <summary>What constructed files hold alike, whatever their architecture: keys, and tensors under llama.cpp's names.</summary>
internal static class ConstructedFile
{
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
            .Add("echorate.constructed", GgufValue.Bool(true));

    internal static GgufWriter AddSizes(
        this GgufWriter writer,
        string architecture,
        FileSizes sizes
    )
    {
        (string Key, int Value)[] numbers =
        [
            ("context_length", sizes.Context),
            ("embedding_length", sizes.Width),
            ("block_count", sizes.Layers),
            ("feed_forward_length", sizes.FeedForward),
            ("attention.head_count", sizes.Heads),
            ("attention.head_count_kv", sizes.KeyHeads),
            ("attention.key_length", sizes.HeadWidth),
            ("attention.value_length", sizes.HeadWidth),
        ];
        foreach (var (key, value) in numbers)
        {
            writer.Add($"{architecture}.{key}", GgufValue.U32((uint)value));
        }
        return writer.Add(
            $"{architecture}.attention.layer_norm_rms_epsilon",
            GgufValue.F32(sizes.NormEpsilon)
        );
    }

    internal static GgufWriter AddVocabulary(
        this GgufWriter writer,
        ConstructedVocabulary vocabulary
    )
    {
        vocabulary.AddTo(writer);
        return writer;
    }

    internal static GgufWriter AddAttention(
        this GgufWriter writer,
        string block,
        HalfMatrix query,
        HalfMatrix key,
        HalfMatrix value,
        HalfMatrix output
    ) =>
        writer
            .AddVector($"{block}.attn_norm", 1, query.ColumnCount)
            .AddMatrix($"{block}.attn_q", query)
            .AddMatrix($"{block}.attn_k", key)
            .AddMatrix($"{block}.attn_v", value)
            .AddMatrix($"{block}.attn_output", output);

    internal static GgufWriter AddFeedForward(
        this GgufWriter writer,
        string block,
        HalfMatrix gate,
        HalfMatrix up,
        HalfMatrix down
    ) =>
        writer
            .AddVector($"{block}.ffn_norm", 1, gate.ColumnCount)
            .AddMatrix($"{block}.ffn_gate", gate)
            .AddMatrix($"{block}.ffn_up", up)
            .AddMatrix($"{block}.ffn_down", down);

    /// <summary>Adds a vector of <paramref name="count"/> equal numbers.</summary>
    internal static GgufWriter AddVector(
        this GgufWriter writer,
        string name,
        double value,
        int count
    ) => writer.AddVector(name, [.. Enumerable.Repeat(value, count)]);

    internal static GgufWriter AddVector(
        this GgufWriter writer,
        string name,
        double[] values,
        string kind = "weight"
    ) =>
        writer.AddTensor(
            $"{name}.{kind}",
            [values.Length],
            GgufTensorType.F32,
            Array.ConvertAll(values, value => (float)value).AsMemory()
        );

    internal static GgufWriter AddMatrix(this GgufWriter writer, string name, HalfMatrix matrix) =>
        writer.AddTensor(
            $"{name}.weight",
            [matrix.ColumnCount, matrix.RowCount],
            GgufTensorType.F16,
            matrix.ToFloats().AsMemory()
        );
}
