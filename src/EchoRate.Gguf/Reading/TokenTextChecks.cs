using System.Globalization;
using System.Text;
using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Whether the tokens' texts are what llama.cpp's vocabulary (llama-vocab.cpp) takes for granted: it aborts, or throws where nobody catches.</summary>
internal sealed class TokenTextChecks(
    GgufMetadata metadata,
    GgufByteStrings tokens,
    GgufTokenizerKind kind,
    ProblemList problems
)
{
    // LLAMA_TOKEN_TYPE_BYTE.
    private const int ByteType = 6;

    internal void Check()
    {
        CheckDuplicates();
        CheckByteTokens();
        if (kind == GgufTokenizerKind.SentencePiece)
        {
            CheckEveryByte();
        }
    }

    // The map from text to id would be smaller than the list, and that is an assertion. Texts are read as C strings, which end at a
    // zero byte; an empty one becomes [EMPTY_id].
    private void CheckDuplicates()
    {
        var ids = new Dictionary<string, int>(tokens.Count);
        var (count, first) = (0, "");
        for (var id = 0; id < tokens.Count; id++)
        {
            // Latin-1 has a character for each byte: texts need not be UTF-8.
            var token = Encoding.Latin1.GetString(CText(tokens[id]));
            if (token.Length > 0 && !ids.TryAdd(token, id) && count++ == 0)
            {
                first = $"{ids[token]} and {id}";
            }
        }
        if (count > 0)
        {
            problems.Error(
                DuplicateToken,
                $"Tokens {first} have the same text{(count == 1 ? "" : $", and {count - 1} more do")}; llama.cpp aborts."
            );
        }
    }

    private static ReadOnlySpan<byte> CText(ReadOnlySpan<byte> text) =>
        text.IndexOf((byte)0) is >= 0 and var end ? text[..end] : text;

    private void CheckByteTokens()
    {
        var types = metadata[GgufKeys.TokenTypes] is { } value ? value.AsSpan<int>() : default;
        for (var id = 0; id < Math.Min(types.Length, tokens.Count); id++)
        {
            if (types[id] != ByteType)
            {
                continue;
            }
            var isSound = kind switch
            {
                GgufTokenizerKind.SentencePiece or GgufTokenizerKind.Unigram => IsByteText(
                    tokens[id]
                ),
                GgufTokenizerKind.BytePair => tokens[id].Length >= 3,
                _ => false,
            };
            if (!isSound)
            {
                problems.Error(
                    BadByteToken,
                    $"Token {id} is marked as a byte and its text is '{tokens.Text(id)}'; of this tokenizer it must be of the form <0x0A>, or none at all: llama.cpp aborts."
                );
                return;
            }
        }
    }

    private static bool IsByteText(ReadOnlySpan<byte> text) =>
        text.Length == 6
        && text.StartsWith("<0x"u8)
        && char.IsAsciiHexDigit((char)text[3])
        && char.IsAsciiHexDigit((char)text[4])
        && text[5] == (byte)'>';

    // What no piece spells is spelt byte by byte; a byte without a token throws, and nobody catches it.
    private void CheckEveryByte()
    {
        var found = new bool[256];
        for (var id = 0; id < tokens.Count; id++)
        {
            var text = tokens[id];
            if (text.Length == 1)
            {
                found[text[0]] = true;
            }
            else if (
                IsByteText(text)
                && byte.TryParse(text[3..5], NumberStyles.AllowHexSpecifier, null, out var value)
            )
            {
                found[value] = true;
            }
        }
        var missing = found.Count(isThere => !isThere);
        if (missing > 0)
        {
            problems.Error(
                NoByteTokens,
                $"{missing} of the 256 bytes have no token (<0x{Array.IndexOf(found, false):X2}> is the first): llama.cpp ends the process on a text that needs them."
            );
        }
    }
}
