using System.Text;

namespace EchoRate.Gguf;

/// <summary>
/// The bytes that a file's tokens stand for, from the header alone. SPM writes a space as U+2581, byte-level BPE every byte as a
/// character of its own (<see cref="ByteLevelAlphabet"/>).
/// </summary>
public sealed class GgufPieces
{
    private const long NormalType = 1;
    private const char SpmSpace = '\u2581';

    private readonly GgufByteStrings _tokens;
    private readonly GgufValue? _types;
    private readonly bool _byteLevel;

    private GgufPieces(GgufByteStrings tokens, GgufValue? types, bool byteLevel) =>
        (_tokens, _types, _byteLevel) = (tokens, types, byteLevel);

    /// <summary>Tokens in the vocabulary.</summary>
    public int Count => _tokens.Count;

    /// <summary>The pieces of a file; null where it has no vocabulary, or one that is neither SPM nor byte-level BPE.</summary>
    public static GgufPieces? Of(GgufFile file)
    {
        var kind = GgufTokenizer.Of(file.Metadata).Kind;
        return
            file.Metadata.Texts(GgufKeys.Tokens) is { } tokens
            && kind is GgufTokenizerKind.SentencePiece or GgufTokenizerKind.BytePair
            ? new GgufPieces(
                tokens,
                file.Metadata[GgufKeys.TokenTypes],
                kind == GgufTokenizerKind.BytePair
            )
            : null;
    }

    /// <summary>Whether a token is a normal one: no control, unused, byte, unknown or user-defined token.</summary>
    public bool IsNormal(int token) => _types is null || _types.AsSpan<int>()[token] == NormalType;

    /// <summary>The bytes of a normal token; null where its text is not of the vocabulary's notation.</summary>
    public byte[]? Piece(int token)
    {
        var text = _tokens.Text(token);
        if (!_byteLevel)
        {
            return Encoding.UTF8.GetBytes(text.Replace(SpmSpace, ' '));
        }
        var bytes = new byte[text.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!ByteLevelAlphabet.TryRead(text[i], out bytes[i]))
            {
                return null;
            }
        }
        return bytes;
    }
}
