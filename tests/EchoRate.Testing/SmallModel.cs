namespace EchoRate.Testing;

/// <summary>A sound model of a few hundred bytes, for tests to bend.</summary>
public static class SmallModel
{
    /// <summary>Its vocabulary. The bytes come last: a SentencePiece vocabulary without them is unsound.</summary>
    public static readonly string[] Tokens =
    [
        "<unk>",
        "<bos>",
        "<eos>",
        "▁a",
        "▁b",
        .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
    ];

    /// <summary>The shape of its embedding.</summary>
    public static readonly long[] EmbeddingShape = [4, Tokens.Length];

    /// <summary>The weights of its embedding.</summary>
    public static readonly float[] Embedding = new float[4 * Tokens.Length];

    private static readonly int[] Types = [2, 3, 3, 1, 1, .. Enumerable.Repeat(6, 256)];

    /// <summary>SentencePiece, tied.</summary>
    public static GgufWriter Llama(string architecture = "llama") =>
        Keys(new GgufWriter(), architecture)
            .AddTensor("token_embd.weight", EmbeddingShape, GgufTensorType.F32, Embedding)
            .AddTensor("blk.0.attn_q.weight", [4, 4], GgufTensorType.F16, new float[16])
            .AddTensor("output_norm.weight", [4], GgufTensorType.F32, new float[4]);

    /// <summary>Adds a vocabulary and no tensors.</summary>
    public static GgufWriter Keys(
        GgufWriter writer,
        string architecture = "llama",
        uint width = 4
    ) =>
        writer
            .Add("general.architecture", GgufValue.Text(architecture))
            .Add($"{architecture}.block_count", GgufValue.U32(1))
            .Add($"{architecture}.embedding_length", GgufValue.U32(width))
            .Add($"{architecture}.context_length", GgufValue.U32(128))
            .Add("tokenizer.ggml.model", GgufValue.Text("llama"))
            .Add("tokenizer.ggml.tokens", GgufValue.TextArray(Tokens))
            .Add("tokenizer.ggml.scores", GgufValue.NumberArray<float>(new float[Tokens.Length]))
            .Add("tokenizer.ggml.token_type", GgufValue.NumberArray<int>(Types))
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32(1))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32(2));

    /// <summary>The same with byte pairs.</summary>
    public static GgufWriter BytePair(string architecture, string? pre) =>
        BytePair(Llama(architecture), pre);

    /// <summary>Makes the vocabulary one of byte pairs.</summary>
    public static GgufWriter BytePair(GgufWriter writer, string? pre)
    {
        writer
            .Set("tokenizer.ggml.model", GgufValue.Text("gpt2"))
            .Set("tokenizer.ggml.merges", GgufValue.TextArray(["a b"]));
        writer.Remove("tokenizer.ggml.scores");
        return pre is null ? writer : writer.Set("tokenizer.ggml.pre", GgufValue.Text(pre));
    }

    /// <summary>A value at a key: a truth value, a text, a float, or a number as U32.</summary>
    public static GgufWriter With(this GgufWriter writer, string key, object value) =>
        writer.Set(
            key,
            value switch
            {
                bool truth => GgufValue.Bool(truth),
                string text => GgufValue.Text(text),
                float number => GgufValue.F32(number),
                _ => GgufValue.U32(Convert.ToUInt32(value)),
            }
        );

    /// <summary>The file.</summary>
    public static byte[] Bytes(this GgufWriter writer)
    {
        var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    /// <summary>What the file says of itself under a name.</summary>
    public static ModelFacts Facts(this GgufWriter writer, string fileName = "model.gguf")
    {
        using var folder = new TemporaryFolder();
        writer.Write(folder.At(fileName));
        return ModelFacts.From(GgufFile.Read(folder.At(fileName)));
    }

    /// <summary>What is wrong with the bytes of a file.</summary>
    public static IReadOnlyList<GgufProblem> Problems(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        GgufFile.TryRead(folder.Write("model.gguf", bytes), out _, out var problems);
        return problems;
    }
}
