using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace EchoRate.Core.Tokens;

/// <summary>What kind of text a token stands for, by its bytes alone.</summary>
public static class PieceKinds
{
    /// <summary>A space, then Latin letters.</summary>
    public const string Spaced = "word after a space";

    /// <summary>All kinds, as columns and reports name them, in the order that reports have them in.</summary>
    public static ImmutableArray<string> All { get; } =
    [Spaced, Unspaced, OtherScript, Mixed, Signs, Markup, Bytes];

    private const string Unspaced = "word without a space";
    private const string OtherScript = "other script";
    private const string Mixed = "mixed";
    private const string Signs = "digits and signs";
    private const string Markup = "markup";
    private const string Bytes = "bytes";

    /// <summary>
    /// The kind of a piece: Latin letters behind a space or not; letters of another script, behind a space or not; letters and other
    /// things (<c>don't</c>, <c>x2</c>); no letter at all (digits, punctuation, symbols, blanks); <c>&lt;…&gt;</c>; not UTF-8.
    /// </summary>
    public static string Of(ReadOnlySpan<byte> piece)
    {
        var (latin, other, rest) = (0, 0, 0);
        var isSpaced = piece.StartsWith(" "u8);
        for (var left = isSpaced ? piece[1..] : piece; !left.IsEmpty; )
        {
            if (Rune.DecodeFromUtf8(left, out var rune, out var length) != OperationStatus.Done)
            {
                return Bytes;
            }
            left = left[length..];
            if (!IsLetter(rune))
            {
                rest++;
            }
            else if (IsLatin(rune))
            {
                latin++;
            }
            else
            {
                other++;
            }
        }
        return latin + other == 0 ? Signs
            : piece.StartsWith("<"u8) && piece.EndsWith(">"u8) ? Markup
            : rest > 0 ? Mixed
            : other > 0 ? OtherScript
            : isSpaced ? Spaced
            : Unspaced;
    }

    // Vowel signs and accents belong to the letters that they stand with.
    private static bool IsLetter(Rune rune) =>
        Rune.IsLetter(rune)
        || Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark;

    // Basic Latin to IPA Extensions, Latin Extended Additional, ligatures and full width.
    private static bool IsLatin(Rune rune) =>
        rune.Value
            is < 0x2B0
                or (>= 0x1E00 and < 0x1F00)
                or (>= 0xFB00 and < 0xFB07)
                or (>= 0xFF21 and < 0xFF5B);
}
