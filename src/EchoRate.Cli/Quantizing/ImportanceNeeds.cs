using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>Which tensors llama.cpp refuses to quantize without their importance (llama-quant.cpp): asked before hours of work, not after.</summary>
internal static class ImportanceNeeds
{
    /// <summary>Whether this tensor of a file of this type is one of them.</summary>
    public static bool Matrix(PlannedTensor tensor, string fileType) =>
        !IsEmbedding(tensor.Name)
        && tensor.Name != "output.weight"
        && tensor.To switch
        {
            "IQ1_S" or "IQ1_M" or "IQ2_XXS" or "IQ2_XS" or "IQ2_S" or "IQ3_XXS" => true,
            "Q2_K" => fileType == "Q2_K_S",
            _ => false,
        };

    /// <summary>Whether this is a table of embeddings, for which llama-imatrix measures nothing.</summary>
    public static bool IsEmbedding(string tensor) =>
        tensor is "token_embd.weight" or "per_layer_token_embd.weight";
}
