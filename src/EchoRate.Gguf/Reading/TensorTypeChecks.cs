using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Gguf;

/// <summary>Whether each tensor is stored so that ggml can calculate with it; it aborts, or reads what is not there, where not.</summary>
internal static class TensorTypeChecks
{
    internal static void Check(GgufFile file, ProblemList problems)
    {
        foreach (var tensor in file.Tensors)
        {
            if (MustBeF32(tensor))
            {
                if (tensor.Type != GgufTensorType.F32)
                {
                    problems.Error(
                        VectorNotF32,
                        $"Tensor '{tensor.Name}' is {tensor.Type}; norms, biases and other vectors must be F32, or ggml aborts."
                    );
                }
            }
            else if (IsWeight(tensor) && !CanMultiply(tensor.Type))
            {
                problems.Error(
                    TensorTypeUnusable,
                    $"Tensor '{tensor.Name}' is {tensor.Type}, with which ggml cannot multiply: the process would crash."
                );
            }
        }
    }

    // What every converter does: "most of the codebase that takes in 1D tensors or norms only handles F32 tensors".
    private static bool MustBeF32(GgufTensorInfo tensor) =>
        tensor.Name.EndsWith(".bias", StringComparison.Ordinal)
        || tensor.Name.EndsWith("_norm.weight", StringComparison.Ordinal)
        || (IsWeight(tensor) && tensor.Dimensions.Skip(1).All(n => n == 1));

    private static bool IsWeight(GgufTensorInfo tensor) =>
        tensor.Name.EndsWith(".weight", StringComparison.Ordinal);

    // Q8_1 and Q8_K are the other side of a product, never a file's.
    private static bool CanMultiply(GgufTensorType type) =>
        type
            is not (
                GgufTensorType.I8
                or GgufTensorType.I16
                or GgufTensorType.I32
                or GgufTensorType.I64
                or GgufTensorType.F64
                or GgufTensorType.Q8_1
                or GgufTensorType.Q8_K
            );
}
