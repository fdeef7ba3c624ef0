using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A SentencePiece vocabulary as Gemma's files hold it: `▁` for the space, scores, and 256 byte tokens.</summary>
/// <remarks>
/// llama.cpp joins, again and again, the adjacent pair whose joint text is a token of the highest score (leftmost first).
/// A piece's score is therefore minus the rank of the merge that first made it, and single characters score lower still:
/// nothing is ever merged into them. No piece holds a space behind its first character, so words never grow together.
/// </remarks>
internal static class SpmVocabulary
{
    // In Gemma's order: BOS is the third.
    private static readonly string[] _controls = ["<pad>", "<eos>", "<bos>"];

    /// <summary>The vocabulary in which each of <paramref name="words"/> and each of <paramref name="characters"/> is one token; all else is spelt in bytes.</summary>
    internal static ConstructedVocabulary Build(
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
    internal static ConstructedVocabulary Of(
        IReadOnlyList<string> pieces,
        IEnumerable<char> characters
    ) =>
        new(
            [
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
                            new VocabularyToken(
                                text,
                                text.Replace(' ', '▁'),
                                TokenKind.Normal,
                                -rank
                            )
                    ),
            ],
            "<bos>",
            "<eos>",
            "llama",
            "default",
            made =>
                [
                    (
                        "scores",
                        GgufValue.NumberArray<float>([.. made.Tokens.Select(token => token.Score)])
                    ),
                    ("bos_token_id", GgufValue.U32((uint)made.BosId)),
                    ("eos_token_id", GgufValue.U32((uint)made.EosId)),
                    ("unknown_token_id", GgufValue.U32((uint)made.SpecialId("<unk>"))),
                    ("padding_token_id", GgufValue.U32((uint)made.SpecialId("<pad>"))),
                    ("add_bos_token", GgufValue.Bool(true)),
                    ("add_eos_token", GgufValue.Bool(false)),
                    ("add_space_prefix", GgufValue.Bool(false)),
                ]
        );
}
