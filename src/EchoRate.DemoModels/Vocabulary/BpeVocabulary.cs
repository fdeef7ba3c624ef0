using System.Collections.Immutable;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A byte-level BPE vocabulary as Qwen's files hold it: 256 byte symbols, then pieces by merge rank, then control tokens.</summary>
public sealed class BpeVocabulary : ConstructedVocabulary
{
    private readonly string _preTokenizer;
    private readonly string _bos;
    private readonly string _eos;

    private BpeVocabulary(
        IEnumerable<VocabularyToken> tokens,
        IEnumerable<string> merges,
        string preTokenizer,
        string bos,
        string eos
    )
        : base(tokens)
    {
        Merges = [.. merges];
        _preTokenizer = preTokenizer;
        _bos = bos;
        _eos = eos;
    }

    /// <summary>The merges by rank, as the file spells them: two pieces and a space between.</summary>
    public ImmutableArray<string> Merges { get; }

    /// <inheritdoc/>
    public override int BosId => ControlId(_bos);

    /// <inheritdoc/>
    public override int EosId => ControlId(_eos);

    /// <summary>The vocabulary in which each of <paramref name="words"/> is one token, with Qwen's pre-tokenizer and control tokens; all else is spelt in bytes.</summary>
    public static BpeVocabulary BuildQwen(IEnumerable<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var merges = MergeTraining.Train(words);
        var pieces = merges.Select(merge => merge.Text).Distinct(StringComparer.Ordinal);
        string[] controls = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
        return new BpeVocabulary(
            [
                .. ByteLevelAlphabet.Bytes.Select(ByteSymbol),
                .. pieces.Select(text => new VocabularyToken(
                    text,
                    ByteLevelAlphabet.Spell(text),
                    TokenKind.Normal
                )),
                .. controls.Select(name => new VocabularyToken(name, name, TokenKind.Control)),
            ],
            merges.Select(merge =>
                $"{ByteLevelAlphabet.Spell(merge.Left)} {ByteLevelAlphabet.Spell(merge.Right)}"
            ),
            preTokenizer: "qwen2",
            bos: "<|endoftext|>",
            eos: "<|endoftext|>"
        );
    }

    internal override void AddTo(GgufWriter writer)
    {
        AddTokens(writer, "gpt2", _preTokenizer);
        writer
            .Add("tokenizer.ggml.merges", GgufValue.TextArray(Merges))
            .Add("tokenizer.ggml.bos_token_id", GgufValue.U32((uint)BosId))
            .Add("tokenizer.ggml.eos_token_id", GgufValue.U32((uint)EosId))
            .Add("tokenizer.ggml.padding_token_id", GgufValue.U32((uint)BosId))
            .Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(false));
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
