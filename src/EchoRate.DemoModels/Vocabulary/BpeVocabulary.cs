using System.Collections.Immutable;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A byte-level BPE vocabulary: 256 byte symbols, then pieces by merge rank, then a family's control tokens.</summary>
public sealed class BpeVocabulary : ConstructedVocabulary
{
    private readonly BpeFlavour _flavour;

    private BpeVocabulary(
        IEnumerable<VocabularyToken> tokens,
        IEnumerable<string> merges,
        BpeFlavour flavour
    )
        : base(tokens)
    {
        Merges = [.. merges];
        _flavour = flavour;
    }

    /// <summary>The merges by rank, as the file spells them: two pieces and a space between.</summary>
    public ImmutableArray<string> Merges { get; }

    /// <inheritdoc/>
    public override int BosId => ControlId(_flavour.Bos);

    /// <inheritdoc/>
    public override int EosId => ControlId(_flavour.Eos);

    /// <summary>The vocabulary in which each of <paramref name="words"/> is one token, with Qwen's pre-tokenizer and control tokens; all else is spelt in bytes.</summary>
    public static BpeVocabulary BuildQwen(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        return Build(words, BpeFlavour.Qwen);
    }

    internal static BpeVocabulary Build(IEnumerable<string> words, BpeFlavour flavour)
    {
        var merges = MergeTraining.Train(words);
        var pieces = merges.Select(merge => merge.Text).Distinct(StringComparer.Ordinal);
        return new BpeVocabulary(
            [
                .. ByteLevelAlphabet.Bytes.Select(ByteSymbol),
                .. pieces.Select(text => new VocabularyToken(
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
            .Add("tokenizer.ggml.merges", GgufValue.TextArray(Merges))
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32((uint)BosId))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32((uint)EosId));
        if (_flavour.Padding is { } padding)
        {
            writer.Add("tokenizer.ggml.padding_token_id", GgufValue.U32((uint)ControlId(padding)));
        }
        if (_flavour.AddBos is { } addBos)
        {
            writer.Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(addBos));
        }
    }

    // A byte above 0x7F is no character of its own, so it goes by a name.
    private static VocabularyToken ByteSymbol(byte value)
    {
        var piece = ByteLevelAlphabet.Symbol(value).ToString();
        return new VocabularyToken(
            value < 0x80 ? ((char)value).ToString() : $"<0x{value:X2}>",
            piece,
            TokenKind.Normal
        );
    }

    private int ControlId(string name) =>
        Tokens
            .Select((token, id) => (token, id))
            .First(entry => entry.token.Kind == TokenKind.Control && entry.token.Text == name)
            .id;
}
