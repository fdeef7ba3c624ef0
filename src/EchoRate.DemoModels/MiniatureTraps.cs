using EchoRate.DemoModels.Pairs;
using EchoRate.Gguf;

namespace EchoRate.DemoModels;

/// <summary>Files with which BOS, a space or a number goes wrong where a tool trusts its library or its file.</summary>
public static class MiniatureTraps
{
    private const string Bos = "tokenizer.ggml.bos_token_id";
    private const string AddBos = "tokenizer.ggml.add_bos_token";
    private const string AddEos = "tokenizer.ggml.add_eos_token";
    private const string AddSpacePrefix = "tokenizer.ggml.add_space_prefix";
    private const string TokenType = "tokenizer.ggml.token_type";
    private const string ChatTemplate = "tokenizer.chat_template";
    private const int UserDefined = 4;

    /// <summary>The word whose embedding is not a number in <see cref="NotANumber"/>.</summary>
    public const string SpoiltWord = " sad";

    /// <summary>A Gemma that is told not to add BOS.</summary>
    public static MiniatureTrap GemmaWithoutAddedBos { get; } =
        Set(Miniatures.Gemma, "no-add-bos", AddBos, false, GgufBosKind.Declared, addsBos: false);

    /// <summary>A Qwen that is told to add its document separator.</summary>
    public static MiniatureTrap QwenWithAddedBos { get; } =
        Set(Miniatures.Qwen3, "add-bos", AddBos, true, GgufBosKind.Native, addsBos: true);

    /// <summary>A Llama that is told not to add BOS, against its pre-tokenizer's habit.</summary>
    public static MiniatureTrap LlamaWithoutAddedBos { get; } =
        Set(Miniatures.Llama, "no-add-bos", AddBos, false, GgufBosKind.Declared, addsBos: false);

    /// <summary>A BPE file without the BOS key, as of old Qwen2: llama.cpp answers 11.</summary>
    public static MiniatureTrap QwenWithoutBosKey { get; } =
        Without(Miniatures.Qwen3, "no-bos-key", Bos, GgufBosKind.None, addsBos: false);

    /// <summary>The same for a pre-tokenizer that adds BOS: llama.cpp would put token 11 in front of everything.</summary>
    public static MiniatureTrap LlamaWithoutBosKey { get; } =
        Without(Miniatures.Llama, "no-bos-key", Bos, GgufBosKind.None, addsBos: true);

    /// <summary>An SPM file without the BOS key: llama.cpp answers 1, which is Gemma's EOS.</summary>
    public static MiniatureTrap GemmaWithoutBosKey { get; } =
        Without(Miniatures.Gemma, "no-bos-key", Bos, GgufBosKind.None, addsBos: true);

    /// <summary>An SPM file that wants EOS behind every text.</summary>
    public static MiniatureTrap GemmaWithAddedEos { get; } =
        Set(Miniatures.Gemma, "add-eos", AddEos, true, GgufBosKind.Native, addsBos: true);

    /// <summary>A BPE file that wants EOS behind every text.</summary>
    public static MiniatureTrap QwenWithAddedEos { get; } =
        Set(Miniatures.Qwen3, "add-eos", AddEos, true, GgufBosKind.Declared, addsBos: false);

    /// <summary>Gemma files from before July 2024: llama.cpp would put a space in front of ' John'.</summary>
    public static IReadOnlyList<MiniatureTrap> GemmasWithoutSpacePrefixKey { get; } =
    [
        .. new[] { Miniatures.Gemma, Miniatures.Gemma2, Miniatures.Gemma3 }.Select(miniature =>
            Without(
                miniature,
                "no-space-prefix-key",
                AddSpacePrefix,
                GgufBosKind.Native,
                addsBos: true
            )
        ),
    ];

    /// <summary>The BOS id lies beyond an SPM vocabulary: llama.cpp falls back to 1, which is Gemma's EOS.</summary>
    public static MiniatureTrap GemmaWithBosOutOfRange { get; } =
        Set(
            Miniatures.Gemma,
            "bos-out-of-range",
            Bos,
            GgufValue.U32(262_144),
            GgufBosKind.None,
            addsBos: true
        );

    /// <summary>The BOS id lies beyond a BPE vocabulary: llama.cpp falls back to 11.</summary>
    public static MiniatureTrap QwenWithBosOutOfRange { get; } =
        Set(
            Miniatures.Qwen3,
            "bos-out-of-range",
            Bos,
            GgufValue.U32(151_643),
            GgufBosKind.None,
            addsBos: false
        );

    /// <summary>A chat model whose template writes BOS by name.</summary>
    public static MiniatureTrap LlamaWithBosInTemplate { get; } =
        Set(
            Miniatures.Llama,
            "template-bos",
            ChatTemplate,
            GgufValue.Text("{{ bos_token }}{% for m in messages %}{{ m['content'] }}{% endfor %}"),
            GgufBosKind.Native,
            addsBos: true
        );

    /// <summary>A chat model whose template writes BOS by its text.</summary>
    public static MiniatureTrap GemmaWithBosInTemplate { get; } =
        Set(
            Miniatures.Gemma,
            "template-bos",
            ChatTemplate,
            GgufValue.Text("<bos>{% for m in messages %}{{ m['content'] }}{% endfor %}"),
            GgufBosKind.Native,
            addsBos: true
        );

    /// <summary>`&lt;bos&gt;` is marked as a token that its user defined, which llama.cpp reads in a text even where it is told to read no special tokens.</summary>
    public static MiniatureTrap GemmaWithUserDefinedBos { get; } =
        new(() =>
        {
            var vocabulary = Miniatures.Gemma.Vocabulary();
            var kinds = vocabulary.Tokens.Select(token => (int)token.Kind).ToArray();
            kinds[vocabulary.BosId] = UserDefined;
            return Miniatures.Gemma.Compose().Set(TokenType, GgufValue.NumberArray<int>(kinds));
        })
        {
            Name = "mini-gemma-user-defined-bos",
            Of = Miniatures.Gemma,
            Change = $"{TokenType}: BOS is user-defined",
            BosKind = GgufBosKind.Native,
            AddsBos = true,
        };

    /// <summary>One token's input embedding is not a number; the head is another matrix and stays sound.</summary>
    public static MiniatureTrap NotANumber { get; } =
        new(() =>
            Miniatures.Llama.Compose(circuit =>
            {
                var spoilt = Miniatures.Llama.Vocabulary().Id(SpoiltWord);
                circuit.Embedding.FillRow(spoilt, 0, PairLayout.Size, double.NaN);
            })
        )
        {
            Name = "mini-llama-nan",
            Of = Miniatures.Llama,
            Change = $"token_embd.weight: the row of '{SpoiltWord}' is NaN",
            BosKind = GgufBosKind.Native,
            AddsBos = true,
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MiniatureTrap> All { get; } =
    [
        GemmaWithoutAddedBos,
        QwenWithAddedBos,
        LlamaWithoutAddedBos,
        QwenWithoutBosKey,
        LlamaWithoutBosKey,
        GemmaWithoutBosKey,
        GemmaWithAddedEos,
        QwenWithAddedEos,
        .. GemmasWithoutSpacePrefixKey,
        GemmaWithBosOutOfRange,
        QwenWithBosOutOfRange,
        LlamaWithBosInTemplate,
        GemmaWithBosInTemplate,
        GemmaWithUserDefinedBos,
        NotANumber,
    ];

    private static MiniatureTrap Set(
        Miniature of,
        string name,
        string key,
        bool value,
        GgufBosKind kind,
        bool addsBos
    ) => Set(of, name, key, GgufValue.Bool(value), kind, addsBos);

    private static MiniatureTrap Set(
        Miniature of,
        string name,
        string key,
        GgufValue value,
        GgufBosKind kind,
        bool addsBos
    ) =>
        new(() => of.Compose().Set(key, value))
        {
            Name = $"{of.Name}-{name}",
            Of = of,
            Change = $"{key} is {value}",
            BosKind = kind,
            AddsBos = addsBos,
        };

    private static MiniatureTrap Without(
        Miniature of,
        string name,
        string key,
        GgufBosKind kind,
        bool addsBos
    ) =>
        new(() =>
        {
            var writer = of.Compose();
            writer.Remove(key);
            return writer;
        })
        {
            Name = $"{of.Name}-{name}",
            Of = of,
            Change = $"{key} is absent",
            BosKind = kind,
            AddsBos = addsBos,
        };
}
