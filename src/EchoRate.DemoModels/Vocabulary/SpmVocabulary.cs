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
    // In Gemma's order: BOS is the third.
    private static readonly string[] _controls = ["<pad>", "<eos>", "<bos>"];

    /// <summary>Control tokens, the unknown token and one token for each byte.</summary>
    internal const int SpecialCount = 4 + 256;

    private SpmVocabulary(IEnumerable<VocabularyToken> tokens)
        : base(tokens) { }

    private protected override string BosName => "<bos>";

    private protected override string EosName => "<eos>";

    /// <summary>The vocabulary in which each of <paramref name="words"/> and each of <paramref name="characters"/> is one token; all else is spelt in bytes.</summary>
    internal static SpmVocabulary Build(
        IReadOnlyList<string> words,
        IEnumerable<char> characters
    ) =>
        Of(
            [
                .. MergeTraining
                    .Train(words)
                    .Select(merge => merge.Text)
                    .Distinct(StringComparer.Ordinal),
            ],
            words.SelectMany(word => word).Concat(characters)
        );

    /// <summary>The vocabulary of these pieces, in the order in which they are merged, and characters.</summary>
    internal static SpmVocabulary Of(IReadOnlyList<string> pieces, IEnumerable<char> characters) =>
        new([
            .. _controls.Select(name => new VocabularyToken(name, name, TokenKind.Control)),
            new VocabularyToken("<unk>", "<unk>", TokenKind.Unknown),
            .. Enumerable
                .Range(0, 256)
                .Select(value => $"<0x{value:X2}>")
                .Select(name => new VocabularyToken(name, name, TokenKind.Byte)),
            .. pieces
                .Concat(characters.Distinct().Order().Select(c => c.ToString()))
                .Select(
                    (text, rank) =>
                        new VocabularyToken(text, text.Replace(' ', '▁'), TokenKind.Normal, -rank)
                ),
        ]);

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
            .Add("tokenizer.ggml.unknown_token_id", GgufValue.U32((uint)SpecialId("<unk>")))
            .Add("tokenizer.ggml.padding_token_id", GgufValue.U32((uint)SpecialId("<pad>")))
            .Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(true))
            .Add("tokenizer.ggml.add_eos_token", GgufValue.Bool(false))
            .Add("tokenizer.ggml.add_space_prefix", GgufValue.Bool(false));
    }
}
