using System.Text.Unicode;
using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama;

/// <summary>
/// A model's vocabulary. Pieces and kinds are copied out at load and stay readable when the session is gone; tokenizing needs the
/// living session.
/// </summary>
internal sealed unsafe class LlamaVocabulary : IVocabulary
{
    private readonly ModelHandle _model;
    private readonly nint _vocab;

    // All pieces end to end; piece i is the bytes from _starts[i] to _starts[i + 1].
    private readonly byte[] _pieces;
    private readonly int[] _starts;
    private readonly TokenKind[] _kinds;
    private readonly bool[] _endsGeneration;

    internal LlamaVocabulary(ModelHandle model)
    {
        _model = model;
        _vocab = LlamaApi.llama_model_get_vocab(model);
        Size = LlamaApi.llama_vocab_n_tokens(_vocab);
        AddsBos = LlamaApi.llama_vocab_get_add_bos(_vocab);
        _starts = new int[Size + 1];
        _kinds = new TokenKind[Size];
        _endsGeneration = new bool[Size];
        var pieces = new List<byte>(Size * 8);
        var buffer = new byte[64];
        for (var token = 0; token < Size; token++)
        {
            pieces.AddRange(ReadPiece(token, ref buffer));
            _starts[token + 1] = pieces.Count;
            _kinds[token] = KindOf(LlamaApi.llama_vocab_get_attr(_vocab, token));
            _endsGeneration[token] = LlamaApi.llama_vocab_is_eog(_vocab, token);
        }

        _pieces = [.. pieces];
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <summary>Whether llama.cpp's tokenizer would put BOS in front by itself.</summary>
    internal bool AddsBos { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Piece(int token)
    {
        Check(token);
        return _pieces.AsMemory(_starts[token].._starts[token + 1]);
    }

    /// <inheritdoc/>
    public TokenKind Kind(int token)
    {
        Check(token);
        return _kinds[token];
    }

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token)
    {
        Check(token);
        return _endsGeneration[token];
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The text is not UTF-8: some tokenizers of llama.cpp end the process on such bytes.</exception>
    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("the text is not valid UTF-8", nameof(utf8));
        }

        var counted = false;
        try
        {
            _model.DangerousAddRef(ref counted);
            return Negotiate(utf8);
        }
        finally
        {
            if (counted)
            {
                _model.DangerousRelease();
            }
        }
    }

    // A text has rarely more tokens than bytes; where it has, the negative answer is the size that is needed.
    private int[] Negotiate(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return [];
        }

        var tokens = new int[utf8.Length + 1];
        while (true)
        {
            var count = TokenizeInto(utf8, tokens);
            if (count >= 0)
            {
                return tokens[..count];
            }

            if (count == int.MinValue || -count <= tokens.Length)
            {
                throw new EngineException(
                    $"llama_tokenize: cannot tokenize a text of {utf8.Length} bytes, code {count}; use a shorter text"
                );
            }

            tokens = new int[-count];
        }
    }

    private int TokenizeInto(ReadOnlySpan<byte> utf8, int[] tokens)
    {
        fixed (byte* text = utf8)
        fixed (int* first = tokens)
        {
            return LlamaApi.llama_tokenize(
                _vocab,
                text,
                utf8.Length,
                first,
                tokens.Length,
                add_special: false,
                parse_special: false
            );
        }
    }

    // A negative answer is the size that is needed.
    private ReadOnlySpan<byte> ReadPiece(int token, ref byte[] buffer)
    {
        var length = ReadPieceInto(token, buffer);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = ReadPieceInto(token, buffer);
        }

        return length >= 0
            ? buffer.AsSpan(0, length)
            : throw new EngineException(
                $"llama_token_to_piece: token {token} has no piece, code {length}; the file's vocabulary is damaged"
            );
    }

    private int ReadPieceInto(int token, byte[] buffer)
    {
        fixed (byte* first = buffer)
        {
            return LlamaApi.llama_token_to_piece(
                _vocab,
                token,
                first,
                buffer.Length,
                lstrip: 0,
                special: true
            );
        }
    }

    // Attributes are flags; the first that applies, from the most particular on, names the kind.
    private static TokenKind KindOf(llama_token_attr attributes) =>
        attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_CONTROL) ? TokenKind.Control
        : attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_UNKNOWN) ? TokenKind.Unknown
        : attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_UNUSED) ? TokenKind.Unused
        : attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_BYTE) ? TokenKind.Byte
        : attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_USER_DEFINED) ? TokenKind.UserDefined
        : attributes.HasFlag(llama_token_attr.LLAMA_TOKEN_ATTR_NORMAL) ? TokenKind.Normal
        : TokenKind.Unused;

    private void Check(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
    }
}
