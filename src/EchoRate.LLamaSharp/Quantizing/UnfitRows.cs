using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>
/// Tensors whose rows are not whole blocks of a type for which llama.cpp has no fallback (llama-quant.cpp, <c>tensor_type_fallback</c>: it has
/// one for types of 256 values a block, and refuses the whole model for others). They become F16, as those of the other types in the end.
/// </summary>
internal static class UnfitRows
{
    private static readonly string[] s_withoutFallback =
    [
        "Q8_0",
        "Q5_1",
        "Q5_0",
        "Q4_1",
        "Q4_0",
        "IQ4_NL",
        "MXFP4",
        "Q1_0",
    ];

    /// <summary>Those of a model, for a file type; vectors are never quantized.</summary>
    internal static IReadOnlyList<TensorFallback> Of(string source, string fileType)
    {
        var type = QuantizationNames.MostTensors(fileType);
        if (!s_withoutFallback.Contains(type))
        {
            return [];
        }
        var block = Enum.Parse<GgufTensorType>(type).BlockSize();
        return
        [
            .. GgufFile
                .Read(source)
                .Tensors.Where(tensor =>
                    tensor.Dimensions.Length > 1 && tensor.Dimensions[0] % block != 0
                )
                .Select(tensor => new TensorFallback(
                    tensor.Name,
                    tensor.Dimensions[0],
                    block,
                    type,
                    nameof(GgufTensorType.F16)
                )),
        ];
    }
}
