using EchoRate.Gguf;

namespace EchoRate.Core.Models;

/// <summary>What two headers say differently of how text becomes token ids: why two files of one vocabulary get other input.</summary>
public static class InputDifferences
{
    private const string Prefix = "tokenizer.ggml.";

    // In the order in which people look for them.
    private static readonly (string Key, string Words)[] _keys =
    [
        (GgufKeys.Bos, "BOS id"),
        (GgufKeys.AddBos, "add_bos"),
        (GgufKeys.AddSpacePrefix, "space prefix"),
        (GgufKeys.Tokenizer, "tokenizer"),
        (GgufKeys.PreTokenizer, "pre-tokenizer"),
        (GgufKeys.Scores, "scores"),
        (GgufKeys.Merges, "merges"),
        (GgufKeys.TokenTypes, "token types"),
        (GgufKeys.Eos, "EOS id"),
        (Prefix + "remove_extra_whitespaces", "remove_extra_whitespaces"),
        (Prefix + "precompiled_charsmap", "precompiled_charsmap"),
    ];

    /// <summary>What a header says, a line for each of the keys: its value, or of an array its hash.</summary>
    public static string Settings(GgufMetadata metadata)
    {
        return string.Join(
            '\n',
            _keys.Select(key =>
                metadata[key.Key] is not { } value ? ""
                : value.IsArray ? TokenizerHash.Of(value)[..12]
                : value.ToString().ReplaceLineEndings(" ")
            )
        );
    }

    /// <summary>The differences in words, what <paramref name="b"/> says first: <c>BOS id 1, not 2; scores</c>.</summary>
    public static string Between(ModelFacts a, ModelFacts b)
    {
        var (ofA, ofB) = (a.TokenizerSettings.Split('\n'), b.TokenizerSettings.Split('\n'));
        var differences = _keys
            .Zip(ofA.Zip(ofB))
            .Where(key => key.Second.First != key.Second.Second)
            .Select(key =>
                key.First.Key is GgufKeys.Scores or GgufKeys.Merges or GgufKeys.TokenTypes
                    ? key.First.Words
                    : $"{key.First.Words} {Said(key.Second.Second)}, not {Said(key.Second.First)}"
            )
            .ToList();
        return differences.Count == 0
            ? "the headers do not say why"
            : string.Join("; ", differences);
    }

    private static string Said(string value) => value.Length == 0 ? "none" : value;
}
