using System.Collections.Immutable;
using EchoRate.DemoModels.Language;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A SentencePiece vocabulary as Gemma's files hold it: `▁` for the space, scores, and 256 byte tokens.</summary>
/// <remarks>
/// llama.cpp joins, again and again, the adjacent pair whose joint text is a token of the highest score (leftmost first).
/// A piece's score is therefore minus the rank of the merge that first made it, and single characters score lower still:
/// nothing is ever merged into them. No piece holds a space behind its first character, so words never grow together.
/// </remarks>
public sealed class SpmVocabulary : ConstructedVocabulary
{
    private const int ByteCount = 256;

    private SpmVocabulary(IEnumerable<VocabularyToken> tokens)
        : base(tokens) { }

    /// <inheritdoc/>
    public override int BosId => IndexOf("<bos>");

    /// <inheritdoc/>
    public override int EosId => IndexOf("<eos>");

    /// <summary>The vocabulary in which each of <paramref name="words"/> and each of <paramref name="characters"/> is one token; all else is spelt in bytes.</summary>
    public static SpmVocabulary Build(IEnumerable<string> words, IEnumerable<char> characters)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(characters);
        var list = words.ToImmutableArray();
        var pieces = MergeTraining
            .Train(list)
            .Select(merge => merge.Text)
            .Distinct(StringComparer.Ordinal)
            .ToImmutableArray();
        var alphabet = list.SelectMany(word => word).Concat(characters).Distinct().Order();
        return new SpmVocabulary([
            .. Specials(),
            .. Enumerable.Range(0, ByteCount).Select(ByteToken),
            .. pieces.Select((text, rank) => Ordinary(text, -rank)),
            .. alphabet.Select((c, i) => Ordinary(c.ToString(), -pieces.Length - i)),
        ]);
    }

    /// <summary>
    /// A vocabulary of exactly so many entries, for measuring: the published words and as many made-up ones (' ba', ' bab', …) as it takes,
    /// each with all its beginnings, so that each is one token.
    /// </summary>
    public static SpmVocabulary BuildOfSize(int size)
    {
        char[] letters =
        [
            .. PublishedWords
                .All.SelectMany(word => word.Text)
                .Concat(SyllableWords.Letters)
                .Append(' ')
                .Distinct()
                .Order(),
        ];
        var specials = Specials().Count();
        var pieces = PublishedWords
            .All.SelectMany(word => Beginnings(word.Text))
            .Concat(SyllableWords.All())
            .Distinct(StringComparer.Ordinal)
            .Take(size - specials - ByteCount - letters.Length)
            .ToList();
        return new SpmVocabulary([
            .. Specials(),
            .. Enumerable.Range(0, ByteCount).Select(ByteToken),
            .. pieces.Select((text, rank) => Ordinary(text, -rank)),
            .. letters.Select((c, i) => Ordinary(c.ToString(), -pieces.Count - i)),
        ]);
    }

    // ' J', ' Ja', … ' James': nothing else can be joined on the way.
    private static IEnumerable<string> Beginnings(string word) =>
        Enumerable.Range(2, word.Length - 1).Select(length => word[..length]);

    internal override void AddTo(GgufWriter writer)
    {
        AddTokens(writer, "llama", "default");
        writer
            .Add(
                "tokenizer.ggml.scores",
                GgufValue.NumberArray<float>([.. Tokens.Select(token => token.Score)])
            )
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32((uint)BosId))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32((uint)EosId))
            .Add("tokenizer.ggml.unknown_token_id", GgufValue.U32((uint)IndexOf("<unk>")))
            .Add("tokenizer.ggml.padding_token_id", GgufValue.U32((uint)IndexOf("<pad>")))
            .Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(true))
            .Add("tokenizer.ggml.add_eos_token", GgufValue.Bool(false))
            .Add("tokenizer.ggml.add_space_prefix", GgufValue.Bool(false));
    }

    // In Gemma's order: BOS is the third.
    private static IEnumerable<VocabularyToken> Specials() =>
        [
            new("<pad>", "<pad>", TokenKind.Control),
            new("<eos>", "<eos>", TokenKind.Control),
            new("<bos>", "<bos>", TokenKind.Control),
            new("<unk>", "<unk>", TokenKind.Unknown),
        ];

    private static VocabularyToken ByteToken(int value)
    {
        var name = $"<0x{value:X2}>";
        return new VocabularyToken(name, name, TokenKind.Byte);
    }

    private static VocabularyToken Ordinary(string text, float score) =>
        new(text, text.Replace(' ', '▁'), TokenKind.Normal, score);

    private int IndexOf(string special) =>
        Tokens
            .Select((token, id) => (token, id))
            .First(entry => entry.token.Kind != TokenKind.Normal && entry.token.Text == special)
            .id;
}
