using LLama.Native;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Names of quantizations, as llama.cpp's program llama-quantize spells them (tools/quantize/quantize.cpp, v0.4.0), and of tensor
/// types as ggml spells them. Types that need an importance matrix are known, but quantizing to them fails without one.
/// </summary>
public static class QuantizationNames
{
    // What most tensors take, and whether llama.cpp refuses without an importance matrix, are llama-quant.cpp's; a test asks the library.
    private static readonly FileType[] s_types =
    [
        new("F32", LLamaFtype.ALL_F32, "F32"),
        new("F16", LLamaFtype.MOSTLY_F16, "F16"),
        new("BF16", LLamaFtype.MOSTLY_BF16, "BF16"),
        new("Q8_0", LLamaFtype.MOSTLY_Q8_0, "Q8_0"),
        new("Q6_K", LLamaFtype.MOSTLY_Q6_K, "Q6_K"),
        new("Q5_K_M", LLamaFtype.MOSTLY_Q5_K_M, "Q5_K"),
        new("Q5_K_S", LLamaFtype.MOSTLY_Q5_K_S, "Q5_K"),
        new("Q5_1", LLamaFtype.MOSTLY_Q5_1, "Q5_1"),
        new("Q5_0", LLamaFtype.MOSTLY_Q5_0, "Q5_0"),
        new("Q4_K_M", LLamaFtype.MOSTLY_Q4_K_M, "Q4_K"),
        new("Q4_K_S", LLamaFtype.MOSTLY_Q4_K_S, "Q4_K"),
        new("IQ4_NL", LLamaFtype.MOSTLY_IQ4_NL, "IQ4_NL"),
        new("IQ4_XS", LLamaFtype.MOSTLY_IQ4_XS, "IQ4_XS"),
        new("Q4_1", LLamaFtype.MOSTLY_Q4_1, "Q4_1"),
        new("Q4_0", LLamaFtype.MOSTLY_Q4_0, "Q4_0"),
        new("MXFP4_MOE", LLamaFtype.LLAMA_FTYPE_MOSTLY_MXFP4_MOE, "MXFP4"),
        new("Q3_K_L", LLamaFtype.MOSTLY_Q3_K_L, "Q3_K"),
        new("Q3_K_M", LLamaFtype.MOSTLY_Q3_K_M, "Q3_K"),
        new("Q3_K_S", LLamaFtype.MOSTLY_Q3_K_S, "Q3_K"),
        new("IQ3_M", LLamaFtype.MOSTLY_IQ3_M, "IQ3_S"),
        new("IQ3_S", LLamaFtype.MOSTLY_IQ3_S, "IQ3_S"),
        new("IQ3_XS", LLamaFtype.MOSTLY_IQ3_K_XS, "IQ3_S", NeedsImatrix: true),
        new("IQ3_XXS", LLamaFtype.MOSTLY_IQ3_XXS, "IQ3_XXS", NeedsImatrix: true),
        new("Q2_K", LLamaFtype.MOSTLY_Q2_K, "Q2_K"),
        new("Q2_K_S", LLamaFtype.MOSTLY_Q2_K_S, "Q2_K", NeedsImatrix: true),
        new("Q2_0", LLamaFtype.LLAMA_FTYPE_MOSTLY_Q2_0, "Q2_0"),
        new("IQ2_M", LLamaFtype.MOSTLY_IQ2_M, "IQ2_S", NeedsImatrix: true),
        new("IQ2_S", LLamaFtype.MOSTLY_IQ2_S, "IQ2_XS", NeedsImatrix: true),
        new("IQ2_XS", LLamaFtype.MOSTLY_IQ2_XS, "IQ2_XS", NeedsImatrix: true),
        new("IQ2_XXS", LLamaFtype.MOSTLY_IQ2_XXS, "IQ2_XXS", NeedsImatrix: true),
        new("TQ2_0", LLamaFtype.LLAMA_FTYPE_MOSTLY_TQ2_0, "TQ2_0"),
        new("TQ1_0", LLamaFtype.LLAMA_FTYPE_MOSTLY_TQ1_0, "TQ1_0"),
        new("IQ1_M", LLamaFtype.MOSTLY_IQ1_M, "IQ1_M", NeedsImatrix: true),
        new("IQ1_S", LLamaFtype.MOSTLY_IQ1_S, "IQ1_S", NeedsImatrix: true),
        new("Q1_0", LLamaFtype.LLAMA_FTYPE_MOSTLY_Q1_0, "Q1_0"),
    ];

    private static readonly Dictionary<string, string> s_aliases = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Q5_K"] = "Q5_K_M",
        ["Q4_K"] = "Q4_K_M",
        ["Q3_K"] = "Q3_K_M",
    };

    private static readonly Dictionary<string, FileType> s_byName = s_types
        .Select(type => KeyValuePair.Create(type.Name, type))
        .Concat(
            s_aliases.Select(alias =>
                KeyValuePair.Create(alias.Key, s_types.Single(type => type.Name == alias.Value))
            )
        )
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    // Types that ggml quantizes to without an importance matrix; others would trip an assertion. The numbers are enum ggml_type's
    // (ggml.h): LLamaSharp's GGMLType knows half of them.
    private static readonly Dictionary<string, int> s_tensorTypes = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["F32"] = 0,
        ["F16"] = 1,
        ["BF16"] = 30,
        ["Q8_0"] = 8,
        ["Q6_K"] = 14,
        ["Q5_K"] = 13,
        ["Q5_1"] = 7,
        ["Q5_0"] = 6,
        ["Q4_K"] = 12,
        ["Q4_1"] = 3,
        ["Q4_0"] = 2,
        ["IQ4_NL"] = 20,
        ["IQ4_XS"] = 23,
        ["MXFP4"] = 39,
        ["Q3_K"] = 11,
        ["IQ3_S"] = 21,
        ["IQ3_XXS"] = 18,
        ["Q2_K"] = 10,
        ["Q2_0"] = 42,
        ["Q1_0"] = 41,
    };

    /// <summary>Every quantization, from the largest files to the smallest, each under one name.</summary>
    public static IReadOnlyList<string> All { get; } = [.. s_types.Select(type => type.Name)];

    /// <summary>Other names of some of them, as llama-quantize takes them: <c>Q4_K</c> for <c>Q4_K_M</c>.</summary>
    public static IReadOnlyDictionary<string, string> Aliases => s_aliases;

    /// <summary>Every name that <see cref="QuantizeRequest.TokenEmbeddingType"/> and <see cref="QuantizeRequest.OutputType"/> take.</summary>
    public static IReadOnlyCollection<string> TensorTypes => s_tensorTypes.Keys;

    /// <summary>The name as it is spelt in <see cref="All"/>, of a name or alias in any case; null for one that llama.cpp does not know.</summary>
    public static string? Find(string name) => s_byName.GetValueOrDefault(name)?.Name;

    /// <summary>The tensor type as ggml spells it, of a name in any case; null for one that cannot be asked for.</summary>
    public static string? FindTensorType(string name) =>
        s_tensorTypes.Keys.FirstOrDefault(known =>
            known.Equals(name, StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The type that most tensors of such a file take: <c>Q4_K</c> for <c>Q4_K_M</c>. A mixture keeps some larger.</summary>
    public static string MostTensors(string name) => Get(name).TensorType;

    /// <summary>
    /// Whether llama.cpp refuses to make such a file without an importance matrix, where rows fit. A model whose rows do not may do without.
    /// </summary>
    public static bool NeedsImportanceMatrix(string name) => Get(name).NeedsImatrix;

    internal static LLamaFtype Type(string name) => Get(name).Type;

    internal static GGMLType TensorType(string name) =>
        s_tensorTypes.TryGetValue(name, out var type)
            ? (GGMLType)type
            : throw Unknown(name, TensorTypes);

    private static FileType Get(string name) =>
        s_byName.GetValueOrDefault(name) ?? throw Unknown(name, All);

    private static ArgumentException Unknown(string name, IReadOnlyCollection<string> known) =>
        new($"unknown type '{name}'; known are {string.Join(", ", known)}");

    private sealed record FileType(
        string Name,
        LLamaFtype Type,
        string TensorType,
        bool NeedsImatrix = false
    );
}
