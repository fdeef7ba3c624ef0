using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>What one family's BPE file says about its tokenizer beside pieces and merges.</summary>
/// <param name="PreTokenizer">`tokenizer.ggml.pre`: how a text is split before merging.</param>
/// <param name="Controls">The control tokens, in the order of their ids; they stand behind all other tokens.</param>
/// <param name="Bos">The control token that `bos_token_id` names.</param>
/// <param name="Eos">The control token that `eos_token_id` names.</param>
/// <param name="Padding">The control token that `padding_token_id` names; null leaves the key out.</param>
/// <param name="AddBos">`add_bos_token`; null leaves the key out, and the pre-tokenizer decides.</param>
internal sealed record BpeFlavour(
    string PreTokenizer,
    IReadOnlyList<string> Controls,
    string Bos,
    string Eos,
    string? Padding,
    bool? AddBos
)
{
    /// <summary>Qwen3 (base): the "BOS" is the document separator, and the file says not to add it.</summary>
    internal static BpeFlavour Qwen { get; } =
        new(
            "qwen2",
            ["<|endoftext|>", "<|im_start|>", "<|im_end|>"],
            Bos: "<|endoftext|>",
            Eos: "<|endoftext|>",
            Padding: "<|endoftext|>",
            AddBos: false
        );
}

/// <summary>A byte-level BPE vocabulary: 256 byte symbols, then pieces by merge rank, then a family's control tokens.</summary>
internal static class BpeVocabulary
{
    /// <summary>The vocabulary in which each of <paramref name="words"/> is one token; all else is spelt in bytes.</summary>
    internal static ConstructedVocabulary Build(IEnumerable<string> words, BpeFlavour flavour)
    {
        var merges = MergeTraining.Train(words);
        return new ConstructedVocabulary(
            [
                .. ByteLevelAlphabet.Bytes.Select(ByteSymbol),
                .. merges
                    .Select(merge => merge.Text)
                    .Distinct(StringComparer.Ordinal)
                    .Select(text => new VocabularyToken(
                        text,
                        ByteLevelAlphabet.Spell(text),
                        TokenKind.Normal
                    )),
                .. flavour.Controls.Select(name => new VocabularyToken(
                    name,
                    name,
                    TokenKind.Control
                )),
            ],
            flavour.Bos,
            flavour.Eos,
            "gpt2",
            flavour.PreTokenizer,
            made => MoreKeys(made, merges, flavour)
        );
    }

    private static IEnumerable<(string Key, GgufValue Value)> MoreKeys(
        ConstructedVocabulary made,
        IEnumerable<MergeTraining.Merge> merges,
        BpeFlavour flavour
    )
    {
        var spelt = merges.Select(merge =>
            $"{ByteLevelAlphabet.Spell(merge.Left)} {ByteLevelAlphabet.Spell(merge.Right)}"
        );
        yield return ("merges", GgufValue.TextArray(spelt));
        yield return ("bos_token_id", GgufValue.U32((uint)made.BosId));
        yield return ("eos_token_id", GgufValue.U32((uint)made.EosId));
        if (flavour.Padding is { } padding)
        {
            yield return ("padding_token_id", GgufValue.U32((uint)made.SpecialId(padding)));
        }
        if (flavour.AddBos is { } addBos)
        {
            yield return ("add_bos_token", GgufValue.Bool(addBos));
        }
    }

    // A byte above 0x7F is no character of its own, so it goes by a name.
    private static VocabularyToken ByteSymbol(byte value) =>
        new(
            value < 0x80 ? ((char)value).ToString() : $"<0x{value:X2}>",
            ByteLevelAlphabet.Symbol(value).ToString(),
            TokenKind.Normal
        );
}
