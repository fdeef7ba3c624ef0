namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>What llama.cpp would make of each tensor: its own dry run, read from its log.</summary>
public sealed record QuantizePlan
{
    /// <summary>Every tensor of the model.</summary>
    public required IReadOnlyList<PlannedTensor> Tensors { get; init; }

    /// <summary>Tensors whose rows are not whole blocks of the type that the mixture wants.</summary>
    public required IReadOnlyList<TensorFallback> Fallbacks { get; init; }

    /// <summary>Whether llama.cpp refuses to do it without an importance matrix; false where one was given.</summary>
    public required bool NeedsImportanceMatrix { get; init; }
}

/// <summary>One tensor of the plan.</summary>
/// <param name="Name">Its name.</param>
/// <param name="From">Its type in the source, as GGUF names it: <c>F16</c>.</param>
/// <param name="To">Its type in the new file.</param>
public sealed record PlannedTensor(string Name, string From, string To);

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
    string Wanted,
    string Taken
);
