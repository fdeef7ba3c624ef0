namespace EchoRate.Hub.Manifests;

/// <summary>The names that llama-quantize gives to a file's type (llama.cpp v0.4.0, <c>tools/quantize</c>).</summary>
public static class Quantizations
{
    /// <summary>Every name, in descending precision as far as one can say so.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. "F32 BF16 F16 Q8_0 Q6_K Q5_K_M Q5_K_S Q5_1 Q5_0 Q4_K_M Q4_K_S Q4_1 Q4_0 IQ4_NL IQ4_XS MXFP4_MOE".Split(
            ' '
        ),
        .. "Q3_K_L Q3_K_M Q3_K_S IQ3_M IQ3_S IQ3_XS IQ3_XXS Q2_K Q2_K_S Q2_0 IQ2_M IQ2_S IQ2_XS IQ2_XXS".Split(
            ' '
        ),
        .. "TQ2_0 TQ1_0 IQ1_M IQ1_S Q1_0".Split(' '),
    ];

    // llama-quantize's own aliases, and the way publishers write MXFP4 in file names.
    private static readonly Dictionary<string, string> s_aliases = new(
        StringComparer.OrdinalIgnoreCase
    )
    {
        ["Q3_K"] = "Q3_K_M",
        ["Q4_K"] = "Q4_K_M",
        ["Q5_K"] = "Q5_K_M",
        ["MXFP4"] = "MXFP4_MOE",
    };

    private static readonly Dictionary<string, string> s_byName = Names.ToDictionary(
        name => name,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The name in llama-quantize's spelling, from any case or alias; null when it is no quantization's name.</summary>
    public static string? Normalise(string text) =>
        s_byName.GetValueOrDefault(text) ?? s_aliases.GetValueOrDefault(text);
}
