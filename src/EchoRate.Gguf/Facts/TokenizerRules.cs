namespace EchoRate.Gguf;

/// <summary>What llama.cpp's tokenizers do where the file does not say (llama-vocab.cpp, v0.4.0 and v0.5.0).</summary>
/// <remarks>
/// SentencePiece and WordPiece add BOS; Unigram adds EOS; byte-pair vocabularies add BOS with the pre-tokenizers listed below only.
/// The gemma4 pre-tokenizer adds BOS whatever the file says; RWKV's never does.
/// </remarks>
internal sealed record TokenizerRules(
    GgufTokenizerKind Kind,
    bool AddBos,
    bool AddEos,
    bool AddSpacePrefix,
    bool? ForcedAddBos = null
)
{
    private static readonly HashSet<string> _preTokenizersWithBos =
    [
        "llama3",
        "llama-v3",
        "llama-bpe",
        "falcon3",
        "falcon-h1",
        "pixtral",
        "midm-2.0",
        "lfm2",
        "jina-v5-nano",
        "tekken",
        "chameleon",
    ];

    internal static string KnownModels =>
        "llama, gpt2, bert, t5, rwkv, plamo2, gemma4, hybriddna, whitespace";

    internal bool NeedsMerges => Kind == GgufTokenizerKind.BytePair;

    /// <summary>The rules of a tokenizer and pre-tokenizer; null when llama.cpp does not know the tokenizer or the file has none.</summary>
    internal static TokenizerRules? Of(string? model, string? pre) =>
        model switch
        {
            "llama" => new(
                GgufTokenizerKind.SentencePiece,
                AddBos: true,
                AddEos: false,
                AddSpacePrefix: true
            ),
            "bert" => new(
                GgufTokenizerKind.WordPiece,
                AddBos: true,
                AddEos: false,
                AddSpacePrefix: false
            ),
            "t5" => new(
                GgufTokenizerKind.Unigram,
                AddBos: false,
                AddEos: true,
                AddSpacePrefix: false
            ),
            "rwkv" => new(GgufTokenizerKind.Rwkv, false, false, false, ForcedAddBos: false),
            "plamo2" => new(GgufTokenizerKind.Plamo2, false, false, false),
            "gemma4" => BytePair("gemma4"),
            "gpt2" or "hybriddna" or "whitespace" => BytePair(pre),
            _ => null,
        };

    private static TokenizerRules BytePair(string? pre) =>
        pre is "gemma4" or "granite-embed-multi-311m"
            ? new(GgufTokenizerKind.BytePair, true, false, false, ForcedAddBos: true)
            : new(
                GgufTokenizerKind.BytePair,
                pre is not null && _preTokenizersWithBos.Contains(pre),
                false,
                false
            );
}
