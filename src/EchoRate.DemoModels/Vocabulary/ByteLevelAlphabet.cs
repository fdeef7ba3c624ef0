using System.Collections.Immutable;
using System.Text;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>The 256 printable characters with which byte-level BPE (GPT-2 and its heirs) spells raw bytes.</summary>
/// <remarks>
/// The 188 printable bytes of Latin-1 (0x21–0x7E, 0xA1–0xAC, 0xAE–0xFF) stand for themselves; the other 68, in order,
/// take the characters from U+0100 on. So a space is U+0120 `Ġ` and a line feed U+010A `Ċ`.
/// </remarks>
internal static class ByteLevelAlphabet
{
    /// <summary>The bytes in the order of the base vocabulary: the printable ones first.</summary>
    internal static ImmutableArray<byte> Bytes { get; } =
    [.. Enumerable.Range(0, 256).Select(b => (byte)b).OrderBy(b => !IsPrintable(b))];

    private static readonly ImmutableArray<char> _symbols =
    [
        .. Bytes
            .Select((b, i) => (Byte: b, Symbol: (char)(IsPrintable(b) ? b : 0x100 + i - 188)))
            .OrderBy(entry => entry.Byte)
            .Select(entry => entry.Symbol),
    ];

    /// <summary>The character for one byte.</summary>
    internal static char Symbol(byte value) => _symbols[value];

    /// <summary>A text's UTF-8 bytes, spelt in the alphabet.</summary>
    internal static string Spell(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(Symbol));

    private static bool IsPrintable(byte value) =>
        value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
