using static EchoRate.Core.Models.BosKind;
using static EchoRate.Testing.Miniatures;

namespace EchoRate.Testing;

/// <summary>A miniature with one thing changed that a measurement could stumble over.</summary>
public sealed record MiniatureTrap
{
    /// <summary>Its name, and its file's name without quantization and extension.</summary>
    public required string Name { get; init; }

    /// <summary>What it is a variation of.</summary>
    public required Miniature Of { get; init; }

    /// <summary>What BOS means for the file.</summary>
    public required BosKind BosKind { get; init; }

    /// <summary>Whether llama.cpp's tokenizer would put a BOS in front by itself.</summary>
    public required bool AddsBos { get; init; }

    /// <summary>The file before it is written.</summary>
    public required Func<GgufWriter> Compose { get; init; }

    /// <summary>Writes the file, always the same bytes; a file of that name is replaced.</summary>
    public void Write(string path) => Compose().Write(path);
}

/// <summary>Files with which BOS or a space goes wrong where a tool trusts its library or its file.</summary>
public static class MiniatureTraps
{
    private const string Bos = "tokenizer.ggml.bos_token_id";
    private const string AddBos = "tokenizer.ggml.add_bos_token";
    private const string AddEos = "tokenizer.ggml.add_eos_token";
    private const string TokenType = "tokenizer.ggml.token_type";
    private const string ChatTemplate = "tokenizer.chat_template";
    private const int UserDefined = 4;

    private static readonly GgufValue _no = GgufValue.Bool(false);
    private static readonly GgufValue _yes = GgufValue.Bool(true);
    private static readonly GgufValue _bosByName = GgufValue.Text(
        "{{ bos_token }}{% for m in messages %}{{ m['content'] }}{% endfor %}"
    );
    private static readonly GgufValue _bosByText = GgufValue.Text(
        "<bos>{% for m in messages %}{{ m['content'] }}{% endfor %}"
    );

    /// <summary>Gemma files from before July 2024: llama.cpp would put a space in front of ' John'.</summary>
    public static IReadOnlyList<MiniatureTrap> GemmasWithoutSpacePrefixKey { get; } =
    [
        .. new[] { Gemma, Gemma2, Gemma3 }.Select(miniature =>
            Trap(
                miniature,
                "no-space-prefix-key",
                "tokenizer.ggml.add_space_prefix",
                null,
                Native,
                addsBos: true
            )
        ),
    ];

    /// <summary>The BOS id lies beyond an SPM vocabulary: llama.cpp falls back to 1, which is Gemma's EOS.</summary>
    public static MiniatureTrap GemmaWithBosOutOfRange { get; } =
        Trap(Gemma, "bos-out-of-range", Bos, GgufValue.U32(262_144), None, addsBos: true);

    /// <summary>`&lt;bos&gt;` is marked as a token that its user defined, which llama.cpp reads in a text even where it is told to read no special tokens.</summary>
    public static MiniatureTrap GemmaWithUserDefinedBos { get; } =
        new()
        {
            Name = "mini-gemma-user-defined-bos",
            Of = Gemma,
            BosKind = Native,
            AddsBos = true,
            Compose = () =>
            {
                var vocabulary = Gemma.Vocabulary();
                var kinds = vocabulary.Tokens.Select(token => (int)token.Kind).ToArray();
                kinds[vocabulary.BosId] = UserDefined;
                return Gemma.Compose().Set(TokenType, GgufValue.NumberArray<int>(kinds));
            },
        };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MiniatureTrap> All { get; } =
    [
        // Told not to add BOS, or to add it, against the family's habit.
        Trap(Gemma, "no-add-bos", AddBos, _no, Declared, addsBos: false),
        Trap(Qwen3, "add-bos", AddBos, _yes, Native, addsBos: true),
        Trap(Llama, "no-add-bos", AddBos, _no, Declared, addsBos: false),
        // Without the key llama.cpp answers 11 for BPE, as in old Qwen2 files, and 1 for SPM, which is Gemma's EOS.
        Trap(Qwen3, "no-bos-key", Bos, null, None, addsBos: false),
        Trap(Llama, "no-bos-key", Bos, null, None, addsBos: true),
        Trap(Gemma, "no-bos-key", Bos, null, None, addsBos: true),
        // EOS is wanted behind every text.
        Trap(Gemma, "add-eos", AddEos, _yes, Native, addsBos: true),
        Trap(Qwen3, "add-eos", AddEos, _yes, Declared, addsBos: false),
        .. GemmasWithoutSpacePrefixKey,
        GemmaWithBosOutOfRange,
        Trap(Qwen3, "bos-out-of-range", Bos, GgufValue.U32(151_643), None, addsBos: false),
        // Chat models whose template writes BOS.
        Trap(Llama, "template-bos", ChatTemplate, _bosByName, Native, addsBos: true),
        Trap(Gemma, "template-bos", ChatTemplate, _bosByText, Native, addsBos: true),
        GemmaWithUserDefinedBos,
    ];

    // The key gets another value, or is left out where there is none.
    private static MiniatureTrap Trap(
        Miniature of,
        string name,
        string key,
        GgufValue? value,
        BosKind kind,
        bool addsBos
    ) =>
        new()
        {
            Name = $"{of.Name}-{name}",
            Of = of,
            BosKind = kind,
            AddsBos = addsBos,
            Compose = () =>
            {
                var writer = of.Compose();
                if (value is null)
                {
                    writer.Remove(key);
                }
                else
                {
                    writer.Set(key, value);
                }
                return writer;
            },
        };
}
