using EchoRate.DemoModels.Vocabulary;
using EchoRate.DemoModels.Weights;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

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

    /// <summary>Adds the sizes that every architecture's header names.</summary>
    internal static GgufWriter AddSizes(
        this GgufWriter writer,
        string architecture,
        int width,
        int layers,
        int feedForward,
        int heads,
        int keyHeads,
        int headWidth,
        int context = 512,
        float normEpsilon = 1e-6f
    )
    {
        (string Key, int Value)[] numbers =
        [
            ("context_length", context),
            ("embedding_length", width),
            ("block_count", layers),
            ("feed_forward_length", feedForward),
            ("attention.head_count", heads),
            ("attention.head_count_kv", keyHeads),
            ("attention.key_length", headWidth),
            ("attention.value_length", headWidth),
        ];
        foreach (var (key, value) in numbers)
        {
            writer.Add($"{architecture}.{key}", GgufValue.U32((uint)value));
        }
        return writer.Add(
            $"{architecture}.attention.layer_norm_rms_epsilon",
            GgufValue.F32(normEpsilon)
        );
    }

    internal static GgufWriter AddVocabulary(
        this GgufWriter writer,
        ConstructedVocabulary vocabulary
    )
    {
        writer
            .Add("tokenizer.ggml.model", GgufValue.Text(vocabulary.Model))
            .Add("tokenizer.ggml.pre", GgufValue.Text(vocabulary.PreTokenizer))
            .Add(
                "tokenizer.ggml.tokens",
                GgufValue.TextArray(vocabulary.Tokens.Select(token => token.Piece))
            )
            .Add(
                "tokenizer.ggml.token_type",
                GgufValue.NumberArray<int>([.. vocabulary.Tokens.Select(token => (int)token.Kind)])
            );
        foreach (var (key, value) in vocabulary.MoreKeys(vocabulary))
        {
            writer.Add($"tokenizer.ggml.{key}", value);
        }
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
