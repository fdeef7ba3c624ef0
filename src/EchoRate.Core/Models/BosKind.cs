namespace EchoRate.Core.Models;

/// <summary>What BOS means for a file. Rows of different kinds are never pooled.</summary>
public enum BosKind
{
    /// <summary>Declared, and the tokenizer adds it (Gemma, Llama).</summary>
    Native,

    /// <summary>Declared, but the tokenizer does not add it (Qwen3, gpt-oss, whose "BOS" is the document separator).</summary>
    Declared,

    /// <summary>Not declared: there is no BOS, and the arm <c>with</c> has nothing to put in front.</summary>
    None,
}
