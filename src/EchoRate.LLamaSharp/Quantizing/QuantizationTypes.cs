using EchoRate.Gguf;
using LLama.Native;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// The quantizations that llama.cpp makes, as its program llama-quantize spells them (tools/quantize/quantize.cpp, v0.4.0), and the types that a
/// single tensor can be given.
/// </summary>
public static class QuantizationTypes
{
    // llama-quant.cpp refuses these without an importance matrix; a test asks the library.
    private static readonly string[] _needMatrix =
    [
        .. "IQ3_XS IQ3_XXS Q2_K_S IQ2_M IQ2_S IQ2_XS IQ2_XXS IQ1_M IQ1_S".Split(' '),
    ];

    /// <summary>Every quantization, from the largest files to the smallest, each under one name.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. (
            "F32 F16 BF16 Q8_0 Q6_K Q5_K_M Q5_K_S Q5_1 Q5_0 Q4_K_M Q4_K_S IQ4_NL IQ4_XS Q4_1 Q4_0 MXFP4_MOE "
            + "Q3_K_L Q3_K_M Q3_K_S IQ3_M IQ3_S IQ3_XS IQ3_XXS Q2_K Q2_K_S Q2_0 IQ2_M IQ2_S IQ2_XS IQ2_XXS "
            + "TQ2_0 TQ1_0 IQ1_M IQ1_S Q1_0"
        ).Split(' '),
    ];

    /// <summary>Other names of some of them, as llama-quantize takes them.</summary>
    public static IReadOnlyDictionary<string, string> Aliases { get; } =
        new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
        {
            ["Q5_K"] = "Q5_K_M",
            ["Q4_K"] = "Q4_K_M",
            ["Q3_K"] = "Q3_K_M",
        };

    /// <summary>Types that ggml quantizes a tensor to without an importance matrix; others would trip an assertion.</summary>
    public static IReadOnlyList<GgufTensorType> TensorTypes { get; } =
    [
        .. "F32 F16 BF16 Q8_0 Q6_K Q5_K Q5_1 Q5_0 Q4_K Q4_1 Q4_0 IQ4_NL IQ4_XS MXFP4 Q3_K IQ3_S IQ3_XXS Q2_K Q2_0 Q1_0"
            .Split(' ')
            .Select(Enum.Parse<GgufTensorType>),
    ];

    /// <summary>The name as it is spelt in <see cref="All"/>, of a name or alias in any case; null for one that llama.cpp does not know.</summary>
    public static string? Find(string name)
    {
        var asked = Aliases.GetValueOrDefault(name, name);
        return All.FirstOrDefault(known => known.Equals(asked, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The type that most tensors of such a file take: Q4_K for <c>Q4_K_M</c>. A mixture keeps some larger.</summary>
    public static GgufTensorType MostTensors(string name) =>
        QuantizationNames.TensorTypeOf(Known(name))!.Value;

    /// <summary>
    /// Whether llama.cpp refuses to make such a file without an importance matrix, where rows fit. A model whose rows do not may do without.
    /// </summary>
    public static bool NeedsImportanceMatrix(string name) => _needMatrix.Contains(Known(name));

    internal static LLamaFtype FileType(string name) =>
        (LLamaFtype)QuantizationNames.FileTypeOf(Known(name))!.Value;

    internal static GGMLType TensorType(GgufTensorType type) =>
        TensorTypes.Contains(type)
            ? (GGMLType)type
            : throw new ArgumentException(
                $"no tensor can be given the type {type}; known are {string.Join(", ", TensorTypes)}"
            );

    private static string Known(string name) =>
        Find(name)
        ?? throw new ArgumentException(
            $"unknown type '{name}'; known are {string.Join(", ", All)}"
        );
}
