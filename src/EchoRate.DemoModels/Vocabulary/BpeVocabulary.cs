using System.Collections.Immutable;
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
public sealed class BpeVocabulary : ConstructedVocabulary
{
    private readonly BpeFlavour _flavour;
    private readonly ImmutableArray<string> _merges;

    private BpeVocabulary(
        IEnumerable<VocabularyToken> tokens,
        IEnumerable<string> merges,
        BpeFlavour flavour
    )
        : base(tokens)
    {
        _merges = [.. merges];
        _flavour = flavour;
    }

    private protected override string BosName => _flavour.Bos;

    private protected override string EosName => _flavour.Eos;

    /// <summary>The vocabulary in which each of <paramref name="words"/> is one token; all else is spelt in bytes.</summary>
    internal static BpeVocabulary Build(IEnumerable<string> words, BpeFlavour flavour)
    {
        var merges = MergeTraining.Train(words);
        return new BpeVocabulary(
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
            merges.Select(merge =>
                $"{ByteLevelAlphabet.Spell(merge.Left)} {ByteLevelAlphabet.Spell(merge.Right)}"
            ),
            flavour
        );
    }

    internal override void AddTo(GgufWriter writer)
    {
        AddTokens(writer, "gpt2", _flavour.PreTokenizer);
        writer
            .Add("tokenizer.ggml.merges", GgufValue.TextArray(_merges))
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32((uint)BosId))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32((uint)EosId));
        if (_flavour.Padding is { } padding)
        {
            writer.Add("tokenizer.ggml.padding_token_id", GgufValue.U32((uint)SpecialId(padding)));
        }
        if (_flavour.AddBos is { } addBos)
        {
            writer.Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(addBos));
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
