namespace EchoRate.Cli.Quantizing;

/// <summary>Quantizations of one model that are asked for. Types are spelt as llama.cpp spells them.</summary>
internal sealed record LadderOrder
{
    /// <summary>The model's file, its full path; of a split model the first part.</summary>
    public required string Source { get; init; }

    /// <summary>The folder for the new files, its full path; made when the first file is.</summary>
    public required string OutFolder { get; init; }

    /// <summary>llama-quantize's names, each once.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>The type that the token embedding is forced to; null for none.</summary>
    public string? TokenEmbeddingType { get; init; }

    /// <summary>The type that the output head is forced to; null for none.</summary>
    public string? OutputType { get; init; }

    /// <summary>Whether all tensors take one type.</summary>
    public bool Pure { get; init; }

    /// <summary>The full path of an importance matrix; null for none.</summary>
    public string? ImportanceMatrix { get; init; }

    /// <summary>Whether tensors that are quantized already may be quantized again.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Threads; 0 stands for the physical cores.</summary>
    public int Threads { get; init; }
}
