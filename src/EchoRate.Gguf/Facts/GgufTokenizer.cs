namespace EchoRate.Gguf;

/// <summary>The kind of tokenizer that `tokenizer.ggml.model` names.</summary>
public enum GgufTokenizerKind
{
    /// <summary>The file names none, or one that llama.cpp does not know.</summary>
    Unknown,

    /// <summary>`llama`: SentencePiece with scores (SPM).</summary>
    SentencePiece,

    /// <summary>`gpt2` and relatives: byte-pair encoding (BPE).</summary>
    BytePair,

    /// <summary>`bert`: WordPiece (WPM).</summary>
    WordPiece,

    /// <summary>`t5`: Unigram (UGM).</summary>
    Unigram,

    /// <summary>`rwkv`: greedy longest match.</summary>
    Rwkv,

    /// <summary>`plamo2`: PLaMo's own.</summary>
    Plamo2,
}

/// <summary>What llama.cpp's tokenizer does with a file: what the file says, else what such a tokenizer does by itself (llama-vocab.cpp, v0.4.0 and v0.5.0).</summary>
/// <param name="Kind">The kind of tokenizer.</param>
/// <param name="AddsBos">Whether it would put BOS in front.</param>
/// <param name="AddsEos">Whether it would put EOS behind.</param>
/// <param name="AddsSpacePrefix">Whether it would put a space in front of a text: only SPM and Unigram ever do, whatever the key says.</param>
/// <param name="LacksSpacePrefixKey">A Gemma file from before July 2024: `add_space_prefix` must be overridden with false, or ' John' becomes another token.</param>
public sealed record GgufTokenizer(
    GgufTokenizerKind Kind,
    bool AddsBos,
    bool AddsEos,
    bool AddsSpacePrefix,
    bool LacksSpacePrefixKey
)
{
    internal const string KnownModels =
        "llama, gpt2, bert, t5, rwkv, plamo2, gemma4, hybriddna, whitespace";

    // Byte-pair vocabularies add BOS with these pre-tokenizers only.
    private static readonly HashSet<string> _preTokenizersWithBos =
    [
        .. (
            "llama3 llama-v3 llama-bpe falcon3 falcon-h1 pixtral midm-2.0 lfm2 jina-v5-nano tekken chameleon"
        ).Split(' '),
    ];

    /// <summary>The tokenizer that a file names; one of kind <see cref="GgufTokenizerKind.Unknown"/> where llama.cpp does not know it.</summary>
    public static GgufTokenizer Of(GgufMetadata metadata)
    {
        var kind = KindOf(metadata.Text(GgufKeys.Tokenizer));
        var addSpace = metadata.Bool(GgufKeys.AddSpacePrefix);
        return new(
            kind,
            AddsBosFor(kind, metadata),
            metadata.Bool(GgufKeys.AddEos) ?? kind == GgufTokenizerKind.Unigram,
            kind is GgufTokenizerKind.SentencePiece or GgufTokenizerKind.Unigram
                && (addSpace ?? kind == GgufTokenizerKind.SentencePiece),
            kind == GgufTokenizerKind.SentencePiece
                && addSpace is null
                && metadata
                    .Text(GgufKeys.Architecture)
                    ?.StartsWith("gemma", StringComparison.Ordinal) == true
        );
    }

    private static GgufTokenizerKind KindOf(string? model) =>
        model switch
        {
            "llama" => GgufTokenizerKind.SentencePiece,
            "gpt2" or "gemma4" or "hybriddna" or "whitespace" => GgufTokenizerKind.BytePair,
            "bert" => GgufTokenizerKind.WordPiece,
            "t5" => GgufTokenizerKind.Unigram,
            "rwkv" => GgufTokenizerKind.Rwkv,
            "plamo2" => GgufTokenizerKind.Plamo2,
            _ => GgufTokenizerKind.Unknown,
        };

    // Two pre-tokenizers add BOS whatever the file says; RWKV's tokenizer never does.
    private static bool AddsBosFor(GgufTokenizerKind kind, GgufMetadata metadata)
    {
        var pre =
            metadata.Text(GgufKeys.Tokenizer) == "gemma4"
                ? "gemma4"
                : metadata.Text(GgufKeys.PreTokenizer) ?? "";
        return kind switch
        {
            GgufTokenizerKind.Rwkv => false,
            GgufTokenizerKind.BytePair when pre is "gemma4" or "granite-embed-multi-311m" => true,
            _ => metadata.Bool(GgufKeys.AddBos)
                ?? kind switch
                {
                    GgufTokenizerKind.SentencePiece or GgufTokenizerKind.WordPiece => true,
                    GgufTokenizerKind.BytePair => _preTokenizersWithBos.Contains(pre),
                    _ => false,
                },
        };
    }
}
