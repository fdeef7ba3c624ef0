using EchoRate.Core.Tokens;

namespace EchoRate.Tests.Reports;

/// <summary>A small run by hand: one file that was measured, one that is not here.</summary>
internal static class SampleRun
{
    public const string RunId = "20260102-030405";

    public static FileRecord File { get; } =
        new()
        {
            Facts = new ModelFacts
            {
                Model = "demo-echo",
                Family = "gemma2",
                Tuning = "base",
                SourceRepo = "example/demo, v2",
                Path = "models/demo-echo-Q8_0.gguf",
                Sha256 = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
                Constructed = true,
                Architecture = "gemma2",
                Quantization = "Q8_0",
                TokenEmbeddingType = "Q8_0",
                OutputType = "Q8_0",
                TiedEmbeddings = true,
                TensorTypes = "F32:13 Q8_0:20",
                Imatrix = false,
                Parameters = 1_234_567,
                BitsPerWeight = 8.5,
                FileBytes = 1_708_582_752,
                Tokenizer = "SPM",
                VocabularySize = 512,
                BosToken = 2,
                BosKind = BosKind.Native,
                AddSpacePrefix = false,
                Layers = 2,
                PublishedColumn = "gemma2-2b",
            },
            Engine = "llamasharp",
            EngineVersion = "0.4.0-dev",
            Backend = "cpu",
            Device = "CPU",
            GpuLayers = 0,
            Arithmetic = Arithmetic.Exact,
            Threads = 1,
            Sequences = 32,
            LoadMs = 12.5,
            DecodeMs = 1000.0 / 3,
            RowsPerSecond = 81,
            PeakRssBytes = 123_456_789,
            Status = RowStatus.Ok,
        };

    public static FileRecord Missing { get; } =
        new()
        {
            Facts = new ModelFacts { Model = "gemma-7b", Quantization = "Q4_K_M" },
            Engine = "llamasharp",
            Status = RowStatus.NotHere,
            Reason = "the file is not on this machine",
        };

    public static IReadOnlyList<EchoRow> Echoes { get; } =
    [
        new()
        {
            Arm = "without",
            ItemSet = "words",
            Item = " John"u8.ToArray(),
            Category = "male name",
            Token = Token(100, " John"),
            VocabularyQuantile = 100.0 / 512,
            InputIds = [100],
            Top1 = Token(100, " John"),
            Echo = true,
            EchoClass = EchoClass.Exact,
            EchoMargin = 2.25,
            NearTie = false,
            TokenLogProb = -0.125,
            TokenRank = 1,
            Top1LogProb = -0.125,
            Entropy = 0.75,
            PublishedTop1 = Encoding.UTF8.GetBytes(" John"),
            PublishedMatch = true,
            PublishedRank = 1,
            PublishedGap = 0,
            Status = RowStatus.Ok,
        },
        new()
        {
            Arm = "with",
            Prefix = Token(2, "<bos>"),
            ItemSet = "words",
            Item = "=1+1"u8.ToArray(),
            Token = Token(101, "=1+1"),
            InputIds = [2, 101],
            Top1 = new TokenBytes(102, [0x20, 0xE2, 0x82]),
            Echo = false,
            EchoClass = EchoClass.None,
            EchoMargin = -0.05,
            NearTie = true,
            TokenLogProb = -1.0 / 3,
            TokenRank = 2,
            Top1LogProb = -0.3,
            Entropy = -0.0,
            ReferenceFileId = "aabbccddeeff",
            ReferenceTop1 = Token(101, "=1+1"),
            ReferenceTop1LogProb = -0.25,
            ReferenceTop1LogProbHere = -1.5,
            Kld = 1.5e-7,
            DeltaTokenLogProb = 1e-20,
            Flip = true,
            Status = RowStatus.Ok,
            Flags = ["space_prefix_forced", "gpu_not_used"],
        },
        new()
        {
            Arm = "without",
            ItemSet = "words",
            Item = " say \"hi\", she\nsaid; 'yes'"u8.ToArray(),
            Status = RowStatus.NotSingleToken,
            TokenizedIds = [7, 8],
            Reason = "2 tokens: [7 8]",
        },
    ];

    public static IReadOnlyList<CompletionRow> Completions { get; } =
    [
        new()
        {
            Arm = "with",
            Prefix = Token(2, "<bos>"),
            PromptSet = "published",
            PromptId = "published",
            Prompt = "When John and Mary went to the store, John gave the bag to",
            InputIds = [2, 10, 11],
            Expected = " Mary",
            ExpectedId = 12,
            Next = Token(12, " Mary"),
            Hit = true,
            NextLogProb = -0.5,
            ExpectedLogProb = -0.5,
            ExpectedRank = 1,
            ExpectedMargin = 1.5,
            NearTie = false,
            Entropy = 1.25,
            Continuation = Encoding.UTF8.GetBytes(" Mary.\nThe end"),
            ContinuationIds = [12, 13, 14, 1],
            Stop = StopReason.Eog,
            PublishedNext = Encoding.UTF8.GetBytes(" the"),
            PublishedMatch = false,
            Status = RowStatus.Ok,
        },
        new()
        {
            Arm = "without",
            PromptSet = "mine.csv",
            PromptId = "-1",
            Prompt = "'quoted'",
            Expected = " a b",
            Next = Token(15, "|"),
            NextLogProb = -2,
            Entropy = 3,
            Continuation = [],
            ContinuationIds = [],
            Stop = StopReason.Length,
            Status = RowStatus.Ok,
            Reason = "the expected text is 2 tokens: [7 8]",
        },
    ];

    public static EchoRow NotHereRow { get; } =
        new()
        {
            Arm = "without",
            ItemSet = "words",
            Status = RowStatus.NotHere,
            Reason = "the file is not on this machine",
        };

    /// <summary>A file against another, in the echo of the published words without BOS; nothing counted yet.</summary>
    public static CompareRow Contrast(FileRecord a, FileRecord b) =>
        new()
        {
            Contrast = ContrastKind.Quant,
            Probe = "echo",
            Set = "words",
            A = a,
            AArm = "without",
            B = b,
            BArm = "without",
            Items = 27,
            Status = RowStatus.Ok,
        };

    public static TokenBytes Token(int id, string text) => new(id, Encoding.UTF8.GetBytes(text));
}
