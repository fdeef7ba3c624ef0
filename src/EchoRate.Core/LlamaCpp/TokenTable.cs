using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>All tokens of a model, copied out at load: readable when the model is gone.</summary>
public sealed class TokenTable
{
    // enum llama_token_attr of llama.h.
    private const int Unknown = 1;
    private const int Unused = 2;
    private const int Normal = 4;
    private const int Control = 8;
    private const int UserDefined = 16;
    private const int Byte = 32;

    // All pieces end to end; piece i is the bytes from _starts[i] to _starts[i + 1].
    private readonly byte[] _pieces;
    private readonly int[] _starts;
    private readonly TokenKind[] _kinds;
    private readonly bool[] _endsGeneration;

    /// <summary>Reads them all.</summary>
    /// <exception cref="EngineException">A token has no piece.</exception>
    public TokenTable(int size, ITokenSource source)
    {
        ArgumentNullException.ThrowIfNull(source);
        _starts = new int[size + 1];
        _kinds = new TokenKind[size];
        _endsGeneration = new bool[size];
        var pieces = new List<byte>(size * 8);
        var buffer = new byte[64];
        for (var token = 0; token < size; token++)
        {
            pieces.AddRange(ReadPiece(source, token, ref buffer));
            _starts[token + 1] = pieces.Count;
            _kinds[token] = KindOf(source.Attributes(token));
            _endsGeneration[token] = source.EndsGeneration(token);
        }

        _pieces = [.. pieces];
    }

    /// <summary>How many there are.</summary>
    public int Size => _kinds.Length;

    /// <summary>As <see cref="IVocabulary.Piece"/>.</summary>
    public ReadOnlyMemory<byte> Piece(int token)
    {
        Check(token);
        return _pieces.AsMemory(_starts[token].._starts[token + 1]);
    }

    /// <summary>As <see cref="IVocabulary.Kind"/>.</summary>
    public TokenKind Kind(int token)
    {
        Check(token);
        return _kinds[token];
    }

    /// <summary>As <see cref="IVocabulary.IsEndOfGeneration"/>.</summary>
    public bool IsEndOfGeneration(int token)
    {
        Check(token);
        return _endsGeneration[token];
    }

    // A negative answer is the size that is needed.
    private static ReadOnlySpan<byte> ReadPiece(ITokenSource source, int token, ref byte[] buffer)
    {
        var length = source.PieceInto(token, buffer);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = source.PieceInto(token, buffer);
        }

        return length >= 0
            ? buffer.AsSpan(0, length)
            : throw new EngineException(
                $"llama_token_to_piece: token {token} has no piece, code {length}; the file's vocabulary is damaged"
            );
    }

    // Attributes are flags; the first that applies, from the most particular on, names the kind.
    private static TokenKind KindOf(int attributes) =>
        (attributes & Control) != 0 ? TokenKind.Control
        : (attributes & Unknown) != 0 ? TokenKind.Unknown
        : (attributes & Unused) != 0 ? TokenKind.Unused
        : (attributes & Byte) != 0 ? TokenKind.Byte
        : (attributes & UserDefined) != 0 ? TokenKind.UserDefined
        : (attributes & Normal) != 0 ? TokenKind.Normal
        : TokenKind.Unused;

    private void Check(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
    }
}
