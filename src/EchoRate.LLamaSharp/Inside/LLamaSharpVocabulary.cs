using System.Text;
using System.Text.Unicode;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using LLama.Native;

namespace EchoRate.LLamaSharp.Inside;

/// <summary>
/// A model's vocabulary. Pieces and kinds are copied out at load and stay readable when the model is gone; tokenizing needs the living
/// model. Disposing it frees the model: a vocabulary that belongs to a session is not disposed.
/// </summary>
internal sealed class LLamaSharpVocabulary : ILoadedVocabulary
{
    private readonly SafeLlamaModelHandle _model;
    private readonly Action<string>? _log;

    // All pieces end to end; piece i is the bytes from _starts[i] to _starts[i + 1].
    private readonly byte[] _pieces;
    private readonly int[] _starts;
    private readonly TokenKind[] _kinds;
    private readonly bool[] _endsGeneration;

    /// <summary>Copies all tokens out.</summary>
    internal LLamaSharpVocabulary(SafeLlamaModelHandle model, string path, Action<string>? log)
    {
        if (model.Vocab.Type == LLamaVocabType.None)
        {
            throw new EngineException($"cannot use {path}: the file holds no vocabulary");
        }
        (_model, _log) = (model, log);
        AddsBos = model.Vocab.ShouldAddBOS;
        var size = model.Vocab.Count;
        _starts = new int[size + 1];
        _kinds = new TokenKind[size];
        _endsGeneration = new bool[size];
        var pieces = new List<byte>(size * 8);
        var buffer = new byte[64];
        for (var id = 0; id < size; id++)
        {
            LLamaToken token = id;
            pieces.AddRange(ReadPiece(id, ref buffer));
            _starts[id + 1] = pieces.Count;
            _kinds[id] = KindOf((int)token.GetAttributes(model.Vocab));
            _endsGeneration[id] = token.IsEndOfGeneration(model.Vocab);
        }
        _pieces = [.. pieces];
    }

    public int Size => _kinds.Length;

    /// <summary>Whether llama.cpp's tokenizer would put BOS in front by itself.</summary>
    internal bool AddsBos { get; }

    public ReadOnlyMemory<byte> Piece(int token)
    {
        Check(token);
        return _pieces.AsMemory(_starts[token].._starts[token + 1]);
    }

    public TokenKind Kind(int token)
    {
        Check(token);
        return _kinds[token];
    }

    public bool IsEndOfGeneration(int token)
    {
        Check(token);
        return _endsGeneration[token];
    }

    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("the text is not valid UTF-8", nameof(utf8));
        }

        // LLamaSharp turns an empty text away before it looks at the handle.
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);

        // LLamaSharp's LLamaContext.Tokenize adds BOS unless told not to.
        var text = Encoding.UTF8.GetString(utf8);
        var tokens = _model.Tokenize(text, addBos: false, special: false, Encoding.UTF8);
        return [.. tokens.Select(token => (int)token)];
    }

    public void Dispose()
    {
        using var scope = new LogScope(_log);
        _model.Dispose();
    }

    // A negative answer is the size that is needed.
    private ReadOnlySpan<byte> ReadPiece(int token, ref byte[] buffer)
    {
        var length = PieceInto(token, buffer);
        if (length < 0)
        {
            buffer = new byte[-length];
            length = PieceInto(token, buffer);
        }
        return length >= 0
            ? buffer.AsSpan(0, length)
            : throw new EngineException(
                $"llama_token_to_piece: token {token} has no piece, code {length}; the file's vocabulary is damaged"
            );
    }

    private int PieceInto(int token, Span<byte> destination) =>
        NativeApi.llama_token_to_piece(_model.Vocab, token, destination, lstrip: 0, special: true);

    // Flags of llama.h, LLAMA_TOKEN_ATTR_…; the first that applies, from the most particular on, names the kind.
    private static TokenKind KindOf(int attributes) =>
        (attributes & 8) != 0 ? TokenKind.Control
        : (attributes & 1) != 0 ? TokenKind.Unknown
        : (attributes & 2) != 0 ? TokenKind.Unused
        : (attributes & 32) != 0 ? TokenKind.Byte
        : (attributes & 16) != 0 ? TokenKind.UserDefined
        : (attributes & 4) != 0 ? TokenKind.Normal
        : TokenKind.Unused;

    private void Check(int token)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(token);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(token, Size);
    }
}
