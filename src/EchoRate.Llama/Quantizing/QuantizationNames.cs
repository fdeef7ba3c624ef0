using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Quantizing;

/// <summary>
/// Names of quantizations, as llama.cpp's program llama-quantize spells them (tools/quantize/quantize.cpp, v0.4.0), and of tensor
/// types as ggml spells them. Types that need an importance matrix are known, but quantizing to them fails without one.
/// </summary>
public static class QuantizationNames
{
    private static readonly Dictionary<string, llama_ftype> s_types = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["F32"] = llama_ftype.LLAMA_FTYPE_ALL_F32,
        ["F16"] = llama_ftype.LLAMA_FTYPE_MOSTLY_F16,
        ["BF16"] = llama_ftype.LLAMA_FTYPE_MOSTLY_BF16,
        ["Q8_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q8_0,
        ["Q6_K"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q6_K,
        ["Q5_K_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q5_K_M,
        ["Q5_K_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q5_K_S,
        ["Q5_K"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q5_K_M,
        ["Q5_1"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q5_1,
        ["Q5_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q5_0,
        ["Q4_K_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q4_K_M,
        ["Q4_K_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q4_K_S,
        ["Q4_K"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q4_K_M,
        ["IQ4_NL"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ4_NL,
        ["IQ4_XS"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ4_XS,
        ["Q4_1"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q4_1,
        ["Q4_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q4_0,
        ["MXFP4_MOE"] = llama_ftype.LLAMA_FTYPE_MOSTLY_MXFP4_MOE,
        ["Q3_K_L"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q3_K_L,
        ["Q3_K_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q3_K_M,
        ["Q3_K_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q3_K_S,
        ["Q3_K"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q3_K_M,
        ["IQ3_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ3_M,
        ["IQ3_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ3_S,
        ["IQ3_XS"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ3_XS,
        ["IQ3_XXS"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ3_XXS,
        ["Q2_K"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q2_K,
        ["Q2_K_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q2_K_S,
        ["Q2_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q2_0,
        ["IQ2_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ2_M,
        ["IQ2_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ2_S,
        ["IQ2_XS"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ2_XS,
        ["IQ2_XXS"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ2_XXS,
        ["TQ2_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_TQ2_0,
        ["TQ1_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_TQ1_0,
        ["IQ1_M"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ1_M,
        ["IQ1_S"] = llama_ftype.LLAMA_FTYPE_MOSTLY_IQ1_S,
        ["Q1_0"] = llama_ftype.LLAMA_FTYPE_MOSTLY_Q1_0,
    };

    // Types that ggml quantizes to without an importance matrix; others would trip an assertion.
    private static readonly Dictionary<string, ggml_type> s_tensorTypes = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["F32"] = ggml_type.GGML_TYPE_F32,
        ["F16"] = ggml_type.GGML_TYPE_F16,
        ["BF16"] = ggml_type.GGML_TYPE_BF16,
        ["Q8_0"] = ggml_type.GGML_TYPE_Q8_0,
        ["Q6_K"] = ggml_type.GGML_TYPE_Q6_K,
        ["Q5_K"] = ggml_type.GGML_TYPE_Q5_K,
        ["Q5_1"] = ggml_type.GGML_TYPE_Q5_1,
        ["Q5_0"] = ggml_type.GGML_TYPE_Q5_0,
        ["Q4_K"] = ggml_type.GGML_TYPE_Q4_K,
        ["Q4_1"] = ggml_type.GGML_TYPE_Q4_1,
        ["Q4_0"] = ggml_type.GGML_TYPE_Q4_0,
        ["IQ4_NL"] = ggml_type.GGML_TYPE_IQ4_NL,
        ["IQ4_XS"] = ggml_type.GGML_TYPE_IQ4_XS,
        ["MXFP4"] = ggml_type.GGML_TYPE_MXFP4,
        ["Q3_K"] = ggml_type.GGML_TYPE_Q3_K,
        ["IQ3_S"] = ggml_type.GGML_TYPE_IQ3_S,
        ["IQ3_XXS"] = ggml_type.GGML_TYPE_IQ3_XXS,
        ["Q2_K"] = ggml_type.GGML_TYPE_Q2_K,
        ["Q2_0"] = ggml_type.GGML_TYPE_Q2_0,
        ["Q1_0"] = ggml_type.GGML_TYPE_Q1_0,
    };

    /// <summary>Every name that <see cref="QuantizeRequest.Type"/> takes, from the largest files to the smallest.</summary>
    public static IReadOnlyCollection<string> All => s_types.Keys;

    /// <summary>Every name that <see cref="QuantizeRequest.TokenEmbeddingType"/> and <see cref="QuantizeRequest.OutputType"/> take.</summary>
    public static IReadOnlyCollection<string> TensorTypes => s_tensorTypes.Keys;

    internal static llama_ftype Type(string name) =>
        s_types.TryGetValue(name, out var type) ? type : throw Unknown(name, All);

    internal static ggml_type TensorType(string? name) =>
        name is null ? ggml_type.GGML_TYPE_COUNT
        : s_tensorTypes.TryGetValue(name, out var type) ? type
        : throw Unknown(name, TensorTypes);

    private static ArgumentException Unknown(string name, IReadOnlyCollection<string> known) =>
        new($"unknown type '{name}'; known are {string.Join(", ", known)}");
}
