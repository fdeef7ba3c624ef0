using System.Collections.Immutable;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A vocabulary made for a demo model: its tokens by id, and what the file says about them.</summary>
public abstract class ConstructedVocabulary
{
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);

    private protected ConstructedVocabulary(IEnumerable<VocabularyToken> tokens)
    {
        Tokens = [.. tokens];
        for (var id = 0; id < Tokens.Length; id++)
        {
            // A control token's name is no text, and a byte token may share its text with a character.
            if (Tokens[id].Kind == TokenKind.Normal)
            {
                _ids.Add(Tokens[id].Text, id);
            }
        }
    }

    /// <summary>The tokens; the index is the id.</summary>
    public ImmutableArray<VocabularyToken> Tokens { get; }

    /// <summary>The id that `tokenizer.ggml.bos_token_id` names.</summary>
    public abstract int BosId { get; }

    /// <summary>The id that `tokenizer.ggml.eos_token_id` names.</summary>
    public abstract int EosId { get; }

    /// <summary>The id of the ordinary token that is exactly <paramref name="text"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such token.</exception>
    public int Id(string text) =>
        _ids.TryGetValue(text, out var id)
            ? id
            : throw new KeyNotFoundException($"The vocabulary has no token '{text}'.");

    /// <summary>True when <paramref name="text"/> is one ordinary token.</summary>
    public bool Has(string text) => _ids.ContainsKey(text);

    internal abstract void AddTo(GgufWriter writer);

    private protected void AddTokens(GgufWriter writer, string model, string preTokenizer)
    {
        writer
            .Add("tokenizer.ggml.model", GgufValue.Text(model))
            .Add("tokenizer.ggml.pre", GgufValue.Text(preTokenizer))
            .Add("tokenizer.ggml.tokens", GgufValue.TextArray(Tokens.Select(token => token.Piece)))
            .Add(
                "tokenizer.ggml.token_type",
                GgufValue.NumberArray<int>([.. Tokens.Select(token => (int)token.Kind)])
            );
    }
}
