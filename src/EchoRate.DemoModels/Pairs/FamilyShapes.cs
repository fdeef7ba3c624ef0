using EchoRate.DemoModels.Language;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Pairs;

/// <summary>The six families, in the keys and values of llama.cpp's converters (conversion/*.py, v0.4.0); sizes are the miniature's own.</summary>
internal static class FamilyShapes
{
    /// <summary>Positions that a sliding layer sees; short, so that tests get beyond it.</summary>
    internal const int SlidingWindow = 64;

    // √256: Gemma multiplies its embedding with the root of its width.
    private const double GemmaGain = 16;

    // Without that gain the embedding is 16 times as large, and so is the head.
    private const double PlainOutputGain = 1.0 / 16;

    internal static FamilyShape Gemma { get; } =
        new()
        {
            Architecture = "gemma",
            BuildVocabulary = Spm,
            EmbeddingGain = GemmaGain,
            OutputGain = 1,
            RopeBase = 10_000,
            BosLayer = 0,
            Keys = [],
        };

    /// <summary>Sliding and global layers take turns; it is the sliding one that looks for BOS.</summary>
    internal static FamilyShape Gemma2 { get; } =
        new()
        {
            Architecture = "gemma2",
            BuildVocabulary = Spm,
            EmbeddingGain = GemmaGain,
            // Loud enough for the soft cap of 30 to bend the logits.
            OutputGain = 4,
            RopeBase = 10_000,
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

    /// <summary>Five sliding layers, then a global one, which looks for BOS. No key says so: it is what llama.cpp takes for granted.</summary>
    internal static FamilyShape Gemma3 { get; } =
        new()
        {
            Architecture = "gemma3",
            BuildVocabulary = Spm,
            EmbeddingGain = GemmaGain,
            OutputGain = 1,
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

    internal static FamilyShape Qwen3 { get; } =
        new()
        {
            Architecture = "qwen3",
            BuildVocabulary = () => BpeVocabulary.Build(MiniatureWords.All, BpeFlavour.Qwen),
            OutputGain = PlainOutputGain,
            RopeBase = 1_000_000,
            HasHeadNorms = true,
            Keys = [],
        };

    /// <summary>A sliding layer and a global one, rope stretched by YaRN as in the real file.</summary>
    internal static FamilyShape GptOss { get; } =
        new()
        {
            Architecture = "gpt-oss",
            BuildVocabulary = () => BpeVocabulary.Build(MiniatureWords.All, BpeFlavour.GptOss),
            OutputGain = PlainOutputGain,
            RopeBase = 150_000,
            NormEpsilon = 1e-5f,
            LayerCount = 2,
            IsTied = false,
            HasExperts = true,
            Keys =
            [
                ("gpt-oss.expert_count", GgufValue.U32(ExpertCircuit.ExpertCount)),
                ("gpt-oss.expert_used_count", GgufValue.U32(ExpertCircuit.UsedCount)),
                ("gpt-oss.expert_feed_forward_length", GgufValue.U32(ExpertCircuit.UnitCount)),
                ("gpt-oss.attention.sliding_window", GgufValue.U32(SlidingWindow)),
                ("gpt-oss.rope.scaling.type", GgufValue.Text("yarn")),
                ("gpt-oss.rope.scaling.factor", GgufValue.F32(32)),
                ("gpt-oss.rope.scaling.original_context_length", GgufValue.U32(4096)),
            ],
        };

    internal static FamilyShape Llama { get; } =
        new()
        {
            Architecture = "llama",
            BuildVocabulary = () => BpeVocabulary.Build(MiniatureWords.All, BpeFlavour.Llama3),
            OutputGain = PlainOutputGain,
            RopeBase = 500_000,
            NormEpsilon = 1e-5f,
            IsTied = false,
            Keys = [("llama.rope.dimension_count", GgufValue.U32(PairLayer.HeadSize))],
        };

    private static SpmVocabulary Spm() =>
        SpmVocabulary.Build(MiniatureWords.All, DemoWords.Punctuation);
}
