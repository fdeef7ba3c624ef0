using EchoRate.DemoModels.Pairs;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>The miniatures, one for each family and one more for gpt-oss's experts in F16.</summary>
public static class Miniatures
{
    /// <summary>Gemma 1.</summary>
    public static Miniature Gemma { get; } =
        new(FamilyShapes.Gemma)
        {
            Name = "mini-gemma",
            Family = "gemma",
            BosKind = GgufBosKind.Native,
        };

    /// <summary>Gemma 2: post-norms, soft caps on attention and logits, every other layer sliding.</summary>
    public static Miniature Gemma2 { get; } =
        new(FamilyShapes.Gemma2)
        {
            Name = "mini-gemma2",
            Family = "gemma2",
            BosKind = GgufBosKind.Native,
        };

    /// <summary>Gemma 3: post-norms, norms on queries and keys, five sliding layers of six, two rope bases.</summary>
    public static Miniature Gemma3 { get; } =
        new(FamilyShapes.Gemma3)
        {
            Name = "mini-gemma3",
            Family = "gemma3",
            BosKind = GgufBosKind.Native,
        };

    /// <summary>gpt-oss as it is published: experts in MXFP4, attention sinks, untied head.</summary>
    public static Miniature GptOss { get; } =
        new(FamilyShapes.GptOss)
        {
            Name = "mini-gpt-oss-mxfp4",
            Family = "gpt-oss",
            ExpertType = GgufTensorType.MXFP4,
            BosKind = GgufBosKind.Declared,
        };

    /// <summary>gpt-oss with its experts in F16, which llama.cpp can quantize.</summary>
    public static Miniature GptOssF16 { get; } =
        GptOss with
        {
            Name = "mini-gpt-oss",
            ExpertType = GgufTensorType.F16,
        };

    /// <summary>Qwen3: norms on queries and keys, tied head, the document separator as "BOS".</summary>
    public static Miniature Qwen3 { get; } =
        new(FamilyShapes.Qwen3)
        {
            Name = "mini-qwen3",
            Family = "qwen3",
            BosKind = GgufBosKind.Declared,
        };

    /// <summary>Llama 3: untied head, BOS added because the pre-tokenizer does.</summary>
    public static Miniature Llama { get; } =
        new(FamilyShapes.Llama)
        {
            Name = "mini-llama",
            Family = "llama",
            BosKind = GgufBosKind.Native,
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Miniature> All { get; } =
    [Gemma, Gemma2, Gemma3, GptOss, GptOssF16, Qwen3, Llama];
}
