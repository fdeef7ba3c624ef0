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
