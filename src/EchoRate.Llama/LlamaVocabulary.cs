using System.Text.Unicode;
using EchoRate.Core.Engine;
using EchoRate.Core.LlamaCpp;
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

    private readonly TokenTable _tokens;

    internal LlamaVocabulary(ModelHandle model)
    {
        _model = model;
        _vocab = LlamaApi.llama_model_get_vocab(model);
        AddsBos = LlamaApi.llama_vocab_get_add_bos(_vocab);
        _tokens = new TokenTable(LlamaApi.llama_vocab_n_tokens(_vocab), new Source(_vocab));
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

    private sealed class Source(nint vocab) : ITokenSource
    {
        public int PieceInto(int token, Span<byte> destination)
        {
            fixed (byte* first = destination)
            {
                return LlamaApi.llama_token_to_piece(
                    vocab,
                    token,
                    first,
                    destination.Length,
                    lstrip: 0,
                    special: true
                );
            }
        }

        public int Attributes(int token) => (int)LlamaApi.llama_vocab_get_attr(vocab, token);

        public bool EndsGeneration(int token) => LlamaApi.llama_vocab_is_eog(vocab, token);
    }
}
