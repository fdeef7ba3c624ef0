using System.Collections.Immutable;
using EchoRate.Gguf;

namespace EchoRate.DemoModels.Vocabulary;

/// <summary>A vocabulary made for a constructed model: its tokens by id, and what the file says about them.</summary>
public sealed class ConstructedVocabulary
{
    private readonly string _bos;
    private readonly string _eos;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _specialIds = new(StringComparer.Ordinal);

    internal ConstructedVocabulary(
        IEnumerable<VocabularyToken> tokens,
        string bos,
        string eos,
        string model,
        string preTokenizer,
        Func<ConstructedVocabulary, IEnumerable<(string Key, GgufValue Value)>> moreKeys
    )
    {
        (_bos, _eos, Model, PreTokenizer, MoreKeys) = (bos, eos, model, preTokenizer, moreKeys);
        Tokens = [.. tokens];
        for (var id = 0; id < Tokens.Length; id++)
        {
            // A control token's name is no text, and a byte token may share its text with a character.
            var ids = Tokens[id].Kind == TokenKind.Normal ? _ids : _specialIds;
            ids.Add(Tokens[id].Text, id);
        }
    }

    /// <summary>The tokens; the index is the id.</summary>
    public ImmutableArray<VocabularyToken> Tokens { get; }

    /// <summary>The id that `tokenizer.ggml.bos_token_id` names.</summary>
    public int BosId => SpecialId(_bos);

    /// <summary>The id that `tokenizer.ggml.eos_token_id` names.</summary>
    public int EosId => SpecialId(_eos);

    /// <summary>`tokenizer.ggml.model`: the kind of tokenizer.</summary>
    internal string Model { get; }

    /// <summary>`tokenizer.ggml.pre`: how a text is split before merging.</summary>
    internal string PreTokenizer { get; }

    /// <summary>What the file says beside tokens and their kinds; keys behind `tokenizer.ggml.`.</summary>
    internal Func<
        ConstructedVocabulary,
        IEnumerable<(string Key, GgufValue Value)>
    > MoreKeys { get; }

    /// <summary>The id of the ordinary token that is exactly <paramref name="text"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such token.</exception>
    public int Id(string text) => _ids[text];

    internal int SpecialId(string name) => _specialIds[name];
}

/// <summary>One entry of a constructed vocabulary.</summary>
/// <param name="Text">The text it stands for, with real spaces; for controls and bytes its name.</param>
/// <param name="Piece">How the file spells it: `▁John` in SPM, `ĠJohn` in byte-level BPE.</param>
/// <param name="Kind">What sort of entry it is.</param>
/// <param name="Score">SPM merges the highest score first; 0 elsewhere.</param>
public sealed record VocabularyToken(string Text, string Piece, TokenKind Kind, float Score = 0);

/// <summary>What a vocabulary entry is; the numbers are those of `tokenizer.ggml.token_type`.</summary>
public enum TokenKind
{
    /// <summary>An ordinary piece of text.</summary>
    Normal = 1,

    /// <summary>Stands for what cannot be spelt.</summary>
    Unknown = 2,

    /// <summary>Steers the model and is never text: BOS, EOS, padding.</summary>
    Control = 3,

    /// <summary>One raw byte of an SPM vocabulary.</summary>
    Byte = 6,
}
