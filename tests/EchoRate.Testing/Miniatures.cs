using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;

namespace EchoRate.Testing;

/// <summary>
/// The miniatures, one for each family. Keys and values are those of llama.cpp's converters
/// (conversion/*.py, v0.4.0), sizes the miniatures' own.
/// </summary>
public static class Miniatures
{
    /// <summary>Positions that a sliding layer sees; short, so that tests get beyond it.</summary>
    internal const int SlidingWindow = 64;

    // gpt-oss: `<|startoftext|>` is declared; nothing is said about adding it, and `gpt-4o` does not.
    private static readonly BpeFlavour _gptOssTokenizer = new(
        "gpt-4o",
        [
            .. "startoftext endoftext return constrain channel start end message call endofprompt"
                .Split(' ')
                .Select(name => $"<|{name}|>"),
        ],
        Bos: "<|startoftext|>",
        Eos: "<|return|>",
        Padding: "<|endoftext|>",
        AddBos: null
    );

    // Llama 3: BOS is declared; nothing is said about adding it, and `llama-bpe` does.
    private static readonly BpeFlavour _llamaTokenizer = new(
        "llama-bpe",
        [
            .. "begin_of_text end_of_text start_header_id end_header_id eom_id eot_id"
                .Split(' ')
                .Select(name => $"<|{name}|>"),
        ],
        Bos: "<|begin_of_text|>",
        Eos: "<|eot_id|>",
        Padding: null,
        AddBos: null
    );

    /// <summary>Gemma 1.</summary>
    public static Miniature Gemma { get; } = Spm("gemma") with { BosLayer = 0 };

    /// <summary>Gemma 2: post-norms, soft caps on attention and logits; of a sliding and a global layer the sliding one looks for BOS.</summary>
    public static Miniature Gemma2 { get; } =
        Spm("gemma2") with
        {
            // Loud enough for the soft cap of 30 to bend the logits.
            OutputGain = 4,
            LayerCount = 2,
            BosLayer = 0,
            HasPostNorms = true,
            Keys =
            [
                ("gemma2.attn_logit_softcapping", GgufValue.F32(50)),
                ("gemma2.final_logit_softcapping", GgufValue.F32(30)),
                ("gemma2.attention.sliding_window", GgufValue.U32(SlidingWindow)),
            ],
        };

    /// <summary>
    /// Gemma 3: post-norms, norms on queries and keys, two rope bases, five sliding layers, then a global one, which looks for BOS. No key
    /// says which slide: it is what llama.cpp takes for granted.
    /// </summary>
    public static Miniature Gemma3 { get; } =
        Spm("gemma3") with
        {
            RopeBase = 1_000_000,
            LayerCount = 6,
            BosLayer = 5,
            HasPostNorms = true,
            HasHeadNorms = true,
            Keys =
            [
                ("gemma3.rope.freq_base_swa", GgufValue.F32(10_000)),
                ("gemma3.attention.sliding_window", GgufValue.U32(SlidingWindow)),
            ],
        };

    /// <summary>gpt-oss with its experts in F16, which llama.cpp can quantize; rope stretched by YaRN, attention sinks, untied head.</summary>
    public static Miniature GptOssF16 { get; } =
        Bpe("gpt-oss", _gptOssTokenizer, BosKind.Declared) with
        {
            RopeBase = 150_000,
            NormEpsilon = 1e-5f,
            LayerCount = 2,
            IsTied = false,
            HasExperts = true,
            Keys =
            [
                ("gpt-oss.expert_count", GgufValue.U32(Experts.Count)),
                ("gpt-oss.expert_used_count", GgufValue.U32(Experts.UsedCount)),
                ("gpt-oss.expert_feed_forward_length", GgufValue.U32(Experts.UnitCount)),
                ("gpt-oss.attention.sliding_window", GgufValue.U32(SlidingWindow)),
                ("gpt-oss.rope.scaling.type", GgufValue.Text("yarn")),
                ("gpt-oss.rope.scaling.factor", GgufValue.F32(32)),
                ("gpt-oss.rope.scaling.original_context_length", GgufValue.U32(4096)),
            ],
        };

    /// <summary>Qwen3: norms on queries and keys, tied head, the document separator as "BOS".</summary>
    public static Miniature Qwen3 { get; } =
        Bpe("qwen3", BpeFlavour.Qwen, BosKind.Declared) with
        {
            RopeBase = 1_000_000,
            HasHeadNorms = true,
        };

    /// <summary>Llama 3: untied head, BOS added because the pre-tokenizer does.</summary>
    public static Miniature Llama { get; } =
        Bpe("llama", _llamaTokenizer, BosKind.Native) with
        {
            RopeBase = 500_000,
            NormEpsilon = 1e-5f,
            IsTied = false,
            Keys = [("llama.rope.dimension_count", GgufValue.U32(PairLayer.HeadSize))],
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Miniature> All { get; } =
    [Gemma, Gemma2, Gemma3, GptOssF16, Qwen3, Llama];

    /// <summary>
    /// Each of them once more, with one layer in the midst that ends the echo where BOS is seen: it looks for BOS, by one head of two that share
    /// their keys, and answers. It slides where the architecture has sliding layers.
    /// </summary>
    public static IReadOnlyList<Miniature> HeedingBos { get; } =
    [
        .. All.Select(miniature =>
            miniature with
            {
                Name = miniature.Name + "-heeding-bos",
                LayerCount = 4,
                BosLayer = 2,
                BosHead = 1,
                AnswersWhereItLooks = true,
            }
        ),
    ];

    private static Miniature Spm(string architecture) =>
        new()
        {
            Name = $"mini-{architecture}",
            Architecture = architecture,
            BosKind = BosKind.Native,
            Vocabulary = () => SpmVocabulary.Build(MiniatureWords.All, DemoWords.Punctuation),
            // √256: Gemma multiplies its embedding with the root of its width.
            EmbeddingGain = 16,
        };

    private static Miniature Bpe(string architecture, BpeFlavour flavour, BosKind bosKind) =>
        new()
        {
            Name = $"mini-{architecture}",
            Architecture = architecture,
            BosKind = bosKind,
            Vocabulary = () => BpeVocabulary.Build(MiniatureWords.All, flavour),
            // Without Gemma's gain the embedding is 16 times as large, and so is the head.
            OutputGain = 1.0 / 16,
        };
}
