namespace EchoRate.Gguf;

/// <summary>What BOS means for a file.</summary>
public enum GgufBosKind
{
    /// <summary>No key declares a BOS id, or the id is not in the vocabulary.</summary>
    None,

    /// <summary>An id is declared, but the tokenizer does not add it: Qwen3, gpt-oss.</summary>
    Declared,

    /// <summary>An id is declared and the tokenizer adds it: Gemma, Llama.</summary>
    Native,
}
