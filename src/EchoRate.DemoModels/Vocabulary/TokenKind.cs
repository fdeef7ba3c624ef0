namespace EchoRate.DemoModels.Vocabulary;

/// <summary>What a vocabulary entry is; the numbers are those of `tokenizer.ggml.token_type`.</summary>
public enum TokenKind
{
    /// <summary>An ordinary piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for what cannot be spelt.</summary>
    Unknown = 2,

    /// <summary>Steers the model and is never text: BOS, EOS, padding.</summary>
    Control = 3,

    /// <summary>One raw byte of an SPM vocabulary.</summary>
    Byte = 6,
}
