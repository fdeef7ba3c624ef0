namespace EchoRate.Gguf;

/// <content>The vocabulary and its special tokens.</content>
public sealed partial record GgufModelFacts
{
    /// <summary>The tokenizer as the file names it (`llama`, `gpt2`); empty when it does not.</summary>
    public required string Tokenizer { get; init; }

    /// <summary>The kind of tokenizer that this name means.</summary>
    public required GgufTokenizerKind TokenizerKind { get; init; }

    /// <summary>The pre-tokenizer (`llama-bpe`, `qwen2`); null when the file names none.</summary>
    public required string? PreTokenizer { get; init; }

    /// <summary>Tokens in the vocabulary; 0 when there is none.</summary>
    public required int VocabSize { get; init; }

    /// <summary>The BOS id as the file declares it, in range or not; null without the key.</summary>
    public required long? DeclaredBosId { get; init; }

    /// <summary>The EOS id as the file declares it, in range or not; null without the key.</summary>
    public required long? DeclaredEosId { get; init; }

    /// <summary>The BOS id when it is declared and in the vocabulary, else null: llama.cpp's own answer (11 for byte-pair vocabularies) is a guess then.</summary>
    public int? BosId => InVocabulary(DeclaredBosId);

    /// <summary>The EOS id when it is declared and in the vocabulary, else null.</summary>
    public int? EosId => InVocabulary(DeclaredEosId);

    /// <summary>`add_bos_token` as the file says; null without the key.</summary>
    public required bool? AddBos { get; init; }

    /// <summary>What llama.cpp's tokenizer does about BOS when the file does not say.</summary>
    public required bool AddBosDefault { get; init; }

    /// <summary>Whether llama.cpp would put BOS in front.</summary>
    public required bool AddBosEffective { get; init; }

    /// <summary>`add_eos_token` as the file says; null without the key.</summary>
    public required bool? AddEos { get; init; }

    /// <summary>What llama.cpp's tokenizer does about EOS when the file does not say.</summary>
    public required bool AddEosDefault { get; init; }

    /// <summary>Whether llama.cpp would put EOS behind.</summary>
    public bool AddEosEffective => AddEos ?? AddEosDefault;

    /// <summary>`add_space_prefix` as the file says; null without the key.</summary>
    public required bool? AddSpacePrefix { get; init; }

    /// <summary>What llama.cpp's tokenizer does about a leading space when the file does not say.</summary>
    public required bool AddSpacePrefixDefault { get; init; }

    /// <summary>Whether llama.cpp would put a space in front of a text, overrides aside: a byte-pair tokenizer never does, whatever the key says.</summary>
    public bool AddSpacePrefixEffective =>
        TokenizerKind is GgufTokenizerKind.SentencePiece or GgufTokenizerKind.Unigram
        && (AddSpacePrefix ?? AddSpacePrefixDefault);

    /// <summary>True for a Gemma file from before July 2024: `add_space_prefix` must be overridden with false, or ' John' becomes another token.</summary>
    public required bool NeedsSpacePrefixOff { get; init; }

    /// <summary>What BOS means for this file.</summary>
    public GgufBosKind BosKind =>
        BosId is null ? GgufBosKind.None
        : AddBosEffective ? GgufBosKind.Native
        : GgufBosKind.Declared;

    private int? InVocabulary(long? id) => id >= 0 && id < VocabSize ? (int)id : null;
}
