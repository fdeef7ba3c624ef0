using System.Text;
using System.Text.Unicode;
using EchoRate.Core.Engine;

namespace EchoRate.Core.Tokens;

/// <summary>
/// Finds the one token of a text: by its exact bytes in the vocabulary, confirmed by tokenizing. A text that is several tokens, or
/// whose bytes do not come back, has none, and the ids that tokenizing gives say so. Bytes that are not UTF-8 (half a character) are no
/// text, so that no tokenizer can confirm them: the vocabulary alone decides.
/// </summary>
/// <param name="vocabulary">The model's vocabulary.</param>
/// <param name="addsSpacePrefix">Whether the tokenizer puts a space in front of every text (SPM's default).</param>
public sealed class TokenFinder(IVocabulary vocabulary, bool addsSpacePrefix)
{
    private readonly Lazy<Dictionary<ReadOnlyMemory<byte>, int>> _byBytes = new(() =>
        IndexByBytes(vocabulary)
    );

    private readonly TokenBytes?[] _tokens = new TokenBytes?[vocabulary.Size];

    /// <summary>A token as rows carry it; made once.</summary>
    public TokenBytes Token(int id) => _tokens[id] ??= vocabulary.Token(id);

    /// <summary>The token of a text, or why there is none.</summary>
    public FoundToken Find(string text) => Find(Encoding.UTF8.GetBytes(text));

    /// <summary>The token of these bytes, or why there is none.</summary>
    public FoundToken Find(byte[] bytes)
    {
        if (!Utf8.IsValid(bytes))
        {
            return FindBytes(bytes) is { } half
                ? new FoundToken(Token(half), [half], null)
                : new FoundToken(null, [], "no token has these bytes, which are not UTF-8 text");
        }
        // Where the tokenizer adds the space, ours would be the second one.
        var fed =
            addsSpacePrefix && bytes.Length > 1 && bytes[0] == (byte)' ' ? bytes.AsSpan(1) : bytes;
        var ids = vocabulary.Tokenize(fed);
        if (ids.Length == 1 && vocabulary.Piece(ids[0]).Span.SequenceEqual(bytes))
        {
            return new FoundToken(Token(ids[0]), ids, null);
        }
        return new FoundToken(null, ids, Explain(bytes, ids));
    }

    /// <summary>The first token with exactly these bytes, an ordinary one before a byte token; null where there is none. No tokenizer is asked.</summary>
    public int? FindBytes(ReadOnlyMemory<byte> bytes) =>
        _byBytes.Value.TryGetValue(bytes, out var id) ? id : null;

    /// <summary>The token for a newline: an ordinary one, else the byte's own. Null where the vocabulary has neither.</summary>
    public int? FindNewline() => FindBytes("\n"u8.ToArray());

    private string Explain(byte[] bytes, int[] ids)
    {
        var list = $"[{string.Join(' ', ids)}]";
        if (FindBytes(bytes) is { } exact)
        {
            return $"token {exact} has these bytes, but the tokenizer gives {list}";
        }
        return ids.Length == 1
            ? $"the bytes do not come back from {list}"
            : $"{ids.Length} tokens: {list}";
    }

    private static Dictionary<ReadOnlyMemory<byte>, int> IndexByBytes(IVocabulary vocabulary)
    {
        var index = new Dictionary<ReadOnlyMemory<byte>, int>(
            vocabulary.Size,
            BytesComparer.Instance
        );
        Add(OrdinaryTokens.IsOrdinary);
        Add(kind => kind is TokenKind.Byte);
        return index;

        void Add(Func<TokenKind, bool> wanted)
        {
            for (var id = 0; id < vocabulary.Size; id++)
            {
                if (wanted(vocabulary.Kind(id)))
                {
                    index.TryAdd(vocabulary.Piece(id), id);
                }
            }
        }
    }

    private sealed class BytesComparer : IEqualityComparer<ReadOnlyMemory<byte>>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(ReadOnlyMemory<byte> x, ReadOnlyMemory<byte> y) =>
            x.Span.SequenceEqual(y.Span);

        public int GetHashCode(ReadOnlyMemory<byte> value)
        {
            var hash = new HashCode();
            hash.AddBytes(value.Span);
            return hash.ToHashCode();
        }
    }
}

/// <summary>What looking for a text's one token gave.</summary>
/// <param name="Token">The token; null where the text is not a single one.</param>
/// <param name="Ids">What tokenizing gives, whatever came of it.</param>
/// <param name="Reason">Why there is no token, with the ids; null where there is one.</param>
public sealed record FoundToken(TokenBytes? Token, int[] Ids, string? Reason);
