namespace EchoRate.Llama.Quantizing;

/// <summary>One file to make out of another.</summary>
public sealed record QuantizeRequest
{
    /// <summary>The GGUF file to read: F32, F16 or BF16, unless <see cref="AllowRequantize"/>.</summary>
    public required string Source { get; init; }

    /// <summary>The file to write; what stood there is replaced, once the new one is whole.</summary>
    public required string Destination { get; init; }

    /// <summary>llama-quantize's name of the type, in any case: one of <see cref="QuantizationNames.All"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Threads; 0 stands for the physical cores of the machine.</summary>
    public int Threads { get; init; }

    /// <summary>Type of the token embedding, one of <see cref="QuantizationNames.TensorTypes"/>; null leaves it to llama.cpp's mixture.</summary>
    public string? TokenEmbeddingType { get; init; }

    /// <summary>Type of the output head, one of <see cref="QuantizationNames.TensorTypes"/>; null leaves it to llama.cpp's mixture.</summary>
    public string? OutputType { get; init; }

    /// <summary>Whether tensors that are quantized already may be quantized again, at a loss.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>Receives what llama.cpp logs, line by line (one line for each tensor); null drops it.</summary>
    public Action<string>? Log { get; init; }
}
