using System.Text;
using EchoRate.Core.Engine;

namespace EchoRate.Core.Tokens;

/// <summary>Which entries of a vocabulary are ordinary, and which of those are words.</summary>
public static class OrdinaryTokens
{
    /// <summary>Whether a kind of token stands for text: no control, unused, byte or unknown token.</summary>
    public static bool IsOrdinary(TokenKind kind) =>
        kind is TokenKind.Normal or TokenKind.UserDefined;

    /// <summary>The ids of all ordinary tokens, ascending.</summary>
    public static int[] Ids(IVocabulary vocabulary) =>
        [.. Enumerable.Range(0, vocabulary.Size).Where(id => IsOrdinary(vocabulary.Kind(id)))];

    /// <summary>The ids of all words, ascending: normal tokens that are a space and letters.</summary>
    public static int[] Words(IVocabulary vocabulary) =>
        [
            .. Enumerable
                .Range(0, vocabulary.Size)
                .Where(id =>
                    vocabulary.Kind(id) == TokenKind.Normal && IsWord(vocabulary.Piece(id).Span)
                ),
        ];

    /// <summary>Whether bytes are one space and then letters only, of any script.</summary>
    public static bool IsWord(ReadOnlySpan<byte> piece)
    {
        if (piece.Length < 2 || piece[0] != (byte)' ')
        {
            return false;
        }
        for (var rest = piece[1..]; !rest.IsEmpty; )
        {
            if (
                Rune.DecodeFromUtf8(rest, out var rune, out var consumed)
                    != System.Buffers.OperationStatus.Done
                || !Rune.IsLetter(rune)
            )
            {
                return false;
            }
            rest = rest[consumed..];
        }
        return true;
    }
}
