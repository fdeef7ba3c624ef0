using EchoRate.DemoModels;

namespace EchoRate.Testing;

/// <summary>
/// A model of a real model's size with random weights, for measuring speed and memory: architecture gemma2, F16, written tensor by tensor,
/// so that it may be larger than memory. With head and embedding tied and nothing learned, most tokens give themselves back, BOS or not.
/// </summary>
public sealed record SizedModel
{
    private const string Architecture = "gemma2";

    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public string Name { get; init; } = "sized-wide";

    /// <summary>Entries of the vocabulary.</summary>
    public int VocabularySize { get; init; } = 150_000;

    /// <summary>Width of the residual stream.</summary>
    public int Width { get; init; } = 256;

    /// <summary>Layers.</summary>
    public int Layers { get; init; } = 4;

    /// <summary>Units of a feed-forward layer.</summary>
    public int FeedForwardWidth { get; init; } = 1024;

    /// <summary>Heads of queries.</summary>
    public int Heads { get; init; } = 4;

    /// <summary>Heads of keys and values.</summary>
    public int KeyHeads { get; init; } = 4;

    /// <summary>Width of a head.</summary>
    public int HeadWidth { get; init; } = 64;

    /// <summary>Writes the F16 file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => Compose().Write(path);

    private GgufWriter Compose()
    {
        var writer = ConstructedFile
            .Begin(Architecture, Name, "Random weights, for measuring speed and memory.")
            .AddSizes(
                Architecture,
                Width,
                Layers,
                FeedForwardWidth,
                Heads,
                KeyHeads,
                HeadWidth,
                context: 8192
            )
            .Add("gemma2.attention.sliding_window", GgufValue.U32(4096))
            .Add("gemma2.attn_logit_softcapping", GgufValue.F32(50))
            .Add("gemma2.final_logit_softcapping", GgufValue.F32(30))
            .AddVocabulary(SizedVocabulary.Of(VocabularySize));
        var matrices = 0UL;
        Norm("output_norm");
        Matrix("token_embd", Width, VocabularySize);
        for (var layer = 0; layer < Layers; layer++)
        {
            var block = $"blk.{layer}.";
            Norm(block + "attn_norm");
            Matrix(block + "attn_q", Width, Heads * HeadWidth);
            Matrix(block + "attn_k", Width, KeyHeads * HeadWidth);
            Matrix(block + "attn_v", Width, KeyHeads * HeadWidth);
            Matrix(block + "attn_output", Heads * HeadWidth, Width);
            Norm(block + "post_attention_norm");
            Norm(block + "ffn_norm");
            Matrix(block + "ffn_gate", Width, FeedForwardWidth);
            Matrix(block + "ffn_up", Width, FeedForwardWidth);
            Matrix(block + "ffn_down", FeedForwardWidth, Width);
            Norm(block + "post_ffw_norm");
        }
        return writer;

        void Norm(string name) => writer.AddVector(name, 1, Width);

        // Variance 1 ÷ row length: a product is of the size of what went in.
        void Matrix(string name, int rowLength, int rows)
        {
            var seed = ++matrices;
            writer.AddTensor(
                $"{name}.weight",
                [rowLength, rows],
                GgufTensorType.F16,
                stream =>
                    RandomHalves.Write(
                        stream,
                        seed,
                        (long)rowLength * rows,
                        Math.Sqrt(1.0 / rowLength)
                    )
            );
        }
    }
}

/// <summary>The size that measurements use.</summary>
public static class SizedModels
{
    /// <summary>42 million weights, most of them a vocabulary of 150,000: what large vocabularies cost, on any machine.</summary>
    public static SizedModel Wide { get; } = new();
}
