using EchoRate.Core.Models;
using EchoRate.Gguf;

namespace EchoRate.Tests.Gguf;

/// <summary>A sound model of a few hundred bytes, for tests to bend.</summary>
internal static class SmallModel
{
    // The bytes come last: a SentencePiece vocabulary without them is unsound.
    public static readonly string[] Tokens =
    [
        "<unk>",
        "<bos>",
        "<eos>",
        "▁a",
        "▁b",
        .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
    ];

    public static readonly long[] EmbeddingShape = [4, Tokens.Length];

    public static readonly float[] Embedding = new float[4 * Tokens.Length];

    private static readonly int[] Types = [2, 3, 3, 1, 1, .. Enumerable.Repeat(6, 256)];

    public static GgufWriter Llama(string architecture = "llama") =>
        Keys(new GgufWriter(), architecture)
            .AddTensor("token_embd.weight", EmbeddingShape, GgufTensorType.F32, Embedding)
            .AddTensor("blk.0.attn_q.weight", [4, 4], GgufTensorType.F16, new float[16])
            .AddTensor("output_norm.weight", [4], GgufTensorType.F32, new float[4]);

    public static GgufWriter Keys(GgufWriter writer, string architecture = "llama") =>
        writer
            .Add("general.architecture", GgufValue.Text(architecture))
            .Add($"{architecture}.block_count", GgufValue.U32(1))
            .Add($"{architecture}.embedding_length", GgufValue.U32(4))
            .Add($"{architecture}.context_length", GgufValue.U32(128))
            .Add("tokenizer.ggml.model", GgufValue.Text("llama"))
            .Add("tokenizer.ggml.tokens", GgufValue.TextArray(Tokens))
            .Add("tokenizer.ggml.scores", GgufValue.NumberArray<float>(new float[Tokens.Length]))
            .Add("tokenizer.ggml.token_type", GgufValue.NumberArray<int>(Types))
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32(1))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32(2));

    public static GgufWriter BytePair(string architecture, string pre)
    {
        var writer = Llama(architecture)
            .Set("tokenizer.ggml.model", GgufValue.Text("gpt2"))
            .Set("tokenizer.ggml.pre", GgufValue.Text(pre))
            .Set("tokenizer.ggml.merges", GgufValue.TextArray(["a b"]));
        writer.Remove("tokenizer.ggml.scores");
        return writer;
    }

    public static byte[] Bytes(this GgufWriter writer)
    {
        var stream = new MemoryStream();
        writer.Write(stream);
        return stream.ToArray();
    }

    public static ModelFacts Facts(this GgufWriter writer, string fileName = "model.gguf")
    {
        using var folder = new TemporaryFolder();
        writer.Write(folder.At(fileName));
        return ModelFacts.From(GgufFile.Read(folder.At(fileName)));
    }

    public static IReadOnlyList<GgufProblem> Problems(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        GgufFile.TryRead(folder.Write("model.gguf", bytes), out _, out var problems);
        return problems;
    }
}
