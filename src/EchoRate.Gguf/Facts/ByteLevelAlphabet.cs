using System.Text;

namespace EchoRate.Gguf;

/// <summary>The 256 printable characters with which byte-level BPE (GPT-2 and its heirs) spells raw bytes.</summary>
/// <remarks>
/// The 188 printable bytes of Latin-1 (0x21–0x7E, 0xA1–0xAC, 0xAE–0xFF) stand for themselves; the other 68, in order,
/// take the characters from U+0100 on. So a space is U+0120 `Ġ` and a line feed U+010A `Ċ`.
/// </remarks>
public static class ByteLevelAlphabet
{
    private static readonly Dictionary<byte, char> _symbols = Bytes
        .Select((b, i) => (Byte: b, Symbol: (char)(IsPrintable(b) ? b : 0x100 + i - 188)))
        .ToDictionary(entry => entry.Byte, entry => entry.Symbol);

    private static readonly Dictionary<char, byte> _bytes = _symbols.ToDictionary(
        entry => entry.Value,
        entry => entry.Key
    );

    /// <summary>The bytes in the order of the base vocabulary: the printable ones first.</summary>
    public static IEnumerable<byte> Bytes =>
        Enumerable.Range(0, 256).Select(b => (byte)b).OrderBy(b => !IsPrintable(b));

    /// <summary>The character for one byte.</summary>
    public static char Symbol(byte value) => _symbols[value];

    /// <summary>A text's UTF-8 bytes, spelt in the alphabet.</summary>
    public static string Spell(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select(Symbol));

    /// <summary>The byte that a character stands for.</summary>
    /// <returns>False where it is none of the alphabet.</returns>
    public static bool TryRead(char symbol, out byte value) =>
        _bytes.TryGetValue(symbol, out value);

    private static bool IsPrintable(byte value) =>
        value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE;
}
