namespace EchoRate.Core.Engine;

/// <summary>All tokens of a model.</summary>
public interface IVocabulary
{
    /// <summary>How many tokens there are; logits have this length.</summary>
    int Size { get; }

    /// <summary>The bytes that a token stands for; for control tokens, their name (<c>&lt;eos&gt;</c>). May be half a character.</summary>
    ReadOnlyMemory<byte> Piece(int token);

    /// <summary>What kind of entry a token is.</summary>
    TokenKind Kind(int token);

    /// <summary>Whether generation ends at this token.</summary>
    bool IsEndOfGeneration(int token);

    /// <summary>
    /// The ids of a text. Never adds BOS or EOS and never reads the name of a special token as that token;
    /// a tokenizer whose file says so still puts a space in front.
    /// </summary>
    /// <param name="utf8">The text, UTF-8.</param>
    int[] Tokenize(ReadOnlySpan<byte> utf8);
}

/// <summary>The kinds of vocabulary entries that probes tell apart.</summary>
public enum TokenKind
{
    /// <summary>An ordinary token: text that people write.</summary>
    Normal,

    /// <summary>A token that the file's author added; it stands for its own text.</summary>
    UserDefined,

    /// <summary>A control token, such as BOS.</summary>
    Control,

    /// <summary>One byte that no ordinary token covers.</summary>
    Byte,

    /// <summary>The token for what cannot be tokenized.</summary>
    Unknown,

    /// <summary>An entry without use.</summary>
    Unused,
}

/// <summary>A vocabulary without its model, to be disposed when it is not needed any more.</summary>
public interface ILoadedVocabulary : IVocabulary, IDisposable;
