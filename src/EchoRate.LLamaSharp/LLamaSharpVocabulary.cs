using System.Text;
using System.Text.Unicode;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
using LLama.Native;

namespace EchoRate.LLamaSharp;

/// <summary>
/// A model's vocabulary. Pieces and kinds are copied out at load and stay readable when the session is gone; tokenizing needs the
/// living session.
/// </summary>
internal sealed class LLamaSharpVocabulary : IVocabulary
{
    private readonly SafeLlamaModelHandle _model;
    private readonly TokenTable _tokens;

    internal LLamaSharpVocabulary(SafeLlamaModelHandle model)
    {
        _model = model;
        AddsBos = model.Vocab.ShouldAddBOS;
        _tokens = new TokenTable(model.Vocab.Count, new Source(model.Vocab));
    }

    /// <inheritdoc/>
    public int Size => _tokens.Size;

    /// <summary>Whether llama.cpp's tokenizer would put BOS in front by itself.</summary>
    internal bool AddsBos { get; }

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Piece(int token) => _tokens.Piece(token);

    /// <inheritdoc/>
    public TokenKind Kind(int token) => _tokens.Kind(token);

    /// <inheritdoc/>
    public bool IsEndOfGeneration(int token) => _tokens.IsEndOfGeneration(token);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The text is not UTF-8: some tokenizers of llama.cpp end the process on such bytes.</exception>
    public int[] Tokenize(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new ArgumentException("the text is not valid UTF-8", nameof(utf8));
        }

        // LLamaSharp turns an empty text away before it looks at the handle.
        ObjectDisposedException.ThrowIf(_model.IsClosed, this);
        var text = Encoding.UTF8.GetString(utf8);

        // LLamaSharp's LLamaContext.Tokenize adds BOS unless told not to.
        var tokens = _model.Tokenize(text, addBos: false, special: false, Encoding.UTF8);
        return [.. tokens.Select(token => (int)token)];
    }

    private sealed class Source(SafeLlamaModelHandle.Vocabulary vocabulary) : ITokenSource
    {
        public int PieceInto(int token, Span<byte> destination) =>
            NativeApi.llama_token_to_piece(
                vocabulary,
                token,
                destination,
                lstrip: 0,
                special: true
            );

        public int Attributes(int token) => (int)((LLamaToken)token).GetAttributes(vocabulary);

        public bool EndsGeneration(int token) => ((LLamaToken)token).IsEndOfGeneration(vocabulary);
    }
}
