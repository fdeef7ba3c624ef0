using EchoRate.Machine.Planning;

namespace EchoRate.Tests.Machine.Planning;

/// <summary>The published models of the manifest, as their configurations and their files' sizes say; the files are not here.</summary>
internal static class RealModels
{
    private static readonly Architecture s_gemma7B = new(256_000, 3072, 28, 24_576, 16, 16, 256);
    private static readonly Architecture s_gemma2 = new(256_000, 2304, 26, 9216, 8, 4, 256);
    private static readonly Architecture s_gemma3 = new(262_208, 5376, 62, 21_504, 32, 16, 128);
    private static readonly Architecture s_qwen3 = new(151_936, 2560, 36, 9728, 32, 8, 128);

    // Bits per weight of the tied embedding, and bytes of the file.
    private static readonly Dictionary<
        string,
        (Architecture Of, double EmbeddingBits, double Bytes)
    > s_files = new()
    {
        ["gemma-7b Q6_K"] = (s_gemma7B, 6.5625, 7.01e9),
        ["gemma-7b Q8_0"] = (s_gemma7B, 8.5, 9.08e9),
        ["gemma-7b F16"] = (s_gemma7B, 16, 17.1e9),
        ["gemma2-2b Q8_0"] = (s_gemma2, 8.5, 2.78e9),
        ["gemma3-27b Q2_K"] = (s_gemma3, 6.5625, 10.5e9),
        ["gemma3-27b Q4_K_M"] = (s_gemma3, 6.5625, 16_546_404_736),
        ["gemma3-27b Q6_K"] = (s_gemma3, 6.5625, 22.2e9),
        ["gemma3-27b Q8_0"] = (s_gemma3, 8.5, 28.7e9),
        ["gemma3-27b F16"] = (s_gemma3, 16, 54.0e9),
        ["qwen3-4b Q4_K_M"] = (s_qwen3, 6.5625, 2_497_280_256),
        ["qwen3-4b Q8_0"] = (s_qwen3, 8.5, 4_280_404_704),
    };

    /// <summary>A file of the manifest.</summary>
    public static ModelShape Of(string file) =>
        file == GptOss ? GptOss120B()
        : s_files.TryGetValue(file, out var known)
            ? known.Of.Shape(file, (long)known.Bytes, known.EmbeddingBits)
        : throw new ArgumentException($"no such file: {file}");

    /// <summary>The one file with experts.</summary>
    public const string GptOss = "gpt-oss-120b MXFP4_MOE";

    private static ModelShape GptOss120B()
    {
        const int blocks = 36,
            experts = 128,
            used = 4;
        const long vocabulary = 201_088,
            width = 2880,
            heads = 64,
            keyHeads = 8,
            headWidth = 64;
        const long file = 12_980_384 + 31_738_487_200 + 31_635_878_880;
        // MXFP4: 17 bytes for 32 weights; biases F32. Embedding and head Q8_0, 34 bytes for 32.
        const long expertTensor = width * width * experts / 32 * 17;
        const long expertBytes = 3 * (expertTensor + (width * experts * sizeof(float)));
        const long end = vocabulary * width / 32 * 34;
        const long dense = (file - (blocks * expertBytes) - (2 * end)) / blocks;
        return new ModelShape
        {
            Name = GptOss,
            Blocks =
            [
                .. Enumerable.Repeat(
                    new LayerShape
                    {
                        DenseBytes = dense,
                        ExpertBytes = expertBytes,
                        LargestDenseBytes = width * heads * headWidth / 32 * 34,
                        LargestExpertBytes = expertTensor,
                        CacheBytesPerToken = 2 * keyHeads * headWidth * sizeof(float),
                    },
                    blocks
                ),
            ],
            InputBytes = end,
            OutputBytes = end,
            VocabularySize = vocabulary,
            Width = width,
            FeedForwardWidth = used * width,
            Heads = heads,
            HeadWidth = headWidth,
        };
    }

    // Head and embedding are one in all of these; what is not the embedding is spread evenly over the blocks.
    private sealed record Architecture(
        long Vocabulary,
        long Width,
        int Blocks,
        long FeedForward,
        long Heads,
        long KeyHeads,
        long HeadWidth
    )
    {
        public ModelShape Shape(string name, long fileBytes, double embeddingBits)
        {
            var embedding = (long)(Vocabulary * Width * embeddingBits / 8);
            var block = (fileBytes - embedding) / Blocks;
            var weights = (3 * FeedForward * Width) + (2 * (Heads + KeyHeads) * HeadWidth * Width);
            return new ModelShape
            {
                Name = name,
                Blocks =
                [
                    .. Enumerable.Repeat(
                        new LayerShape
                        {
                            DenseBytes = block,
                            LargestDenseBytes = block * FeedForward * Width / weights,
                            CacheBytesPerToken = 2 * KeyHeads * HeadWidth * sizeof(float),
                        },
                        Blocks
                    ),
                ],
                InputBytes = embedding,
                OutputBytes = embedding,
                TiedBytes = embedding,
                VocabularySize = Vocabulary,
                Width = Width,
                FeedForwardWidth = FeedForward,
                Heads = Heads,
                HeadWidth = HeadWidth,
            };
        }
    }
}
