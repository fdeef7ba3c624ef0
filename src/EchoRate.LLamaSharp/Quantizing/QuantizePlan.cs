using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>What llama.cpp would make of each tensor: its own dry run, read from its log.</summary>
/// <param name="Tensors">Every tensor of the model.</param>
/// <param name="Fallbacks">Tensors whose rows are not whole blocks of the type that the mixture wants.</param>
/// <param name="NeedsImportanceMatrix">Whether llama.cpp refuses to do it without an importance matrix; false where one was given.</param>
public sealed record QuantizePlan(
    IReadOnlyList<PlannedTensor> Tensors,
    IReadOnlyList<TensorFallback> Fallbacks,
    bool NeedsImportanceMatrix
);

/// <summary>One tensor of the plan, with its type in the source and in the new file.</summary>
public sealed record PlannedTensor(string Name, GgufTensorType From, GgufTensorType To);

/// <summary>A tensor whose rows do not fit the type that it should have had.</summary>
/// <param name="Name">Its name.</param>
/// <param name="RowLength">Values in a row.</param>
/// <param name="BlockSize">Values in a block of the wanted type; rows are not whole blocks of it.</param>
/// <param name="Wanted">The type that the mixture wanted.</param>
/// <param name="Taken">The type that it got.</param>
public sealed record TensorFallback(
    string Name,
    long RowLength,
    long BlockSize,
    GgufTensorType Wanted,
    GgufTensorType Taken
);
