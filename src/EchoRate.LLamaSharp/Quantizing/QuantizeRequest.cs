using EchoRate.Gguf;

namespace EchoRate.LLamaSharp.Quantizing;

/// <summary>One file to make out of another. What is common to several files leaves <see cref="Destination"/> and <see cref="Type"/> empty.</summary>
public sealed record QuantizeRequest
{
    /// <summary>The GGUF file to read: F32, F16 or BF16, unless <see cref="AllowRequantize"/>; of a split model its first part.</summary>
    public required string Source { get; init; }

    /// <summary>The file to write, always in one piece; its folder must be there.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Whether a file that stands at <see cref="Destination"/> is replaced, once the new one is whole.</summary>
    public bool Replace { get; init; } = true;

    /// <summary>llama-quantize's name of the type, in any case: one of <see cref="QuantizationTypes.All"/> or an alias.</summary>
    public string Type { get; init; } = "";

    /// <summary>Threads; 0 stands for the physical cores of the machine.</summary>
    public int Threads { get; init; }

    /// <summary>Type of the token embedding, one of <see cref="QuantizationTypes.TensorTypes"/>; null leaves it to llama.cpp's mixture.</summary>
    public GgufTensorType? TokenEmbeddingType { get; init; }

    /// <summary>Type of the output head, likewise.</summary>
    public GgufTensorType? OutputType { get; init; }

    /// <summary>Whether all tensors take the type itself, instead of llama.cpp's mixture.</summary>
    public bool Pure { get; init; }

    /// <summary>Whether tensors that are quantized already may be quantized again, at a loss.</summary>
    public bool AllowRequantize { get; init; }

    /// <summary>The importance of each column; null quantizes without.</summary>
    public ImportanceMatrix? ImportanceMatrix { get; init; }

    /// <summary>Texts to add to the new file's metadata, each of at most 127 bytes.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } =
        new Dictionary<string, string>();

    /// <summary>Hears of each tensor when it is done, on another thread.</summary>
    public Action<TensorDone>? Progress { get; init; }
}

/// <summary>A tensor is done: its name, its place from 1, and how many there are.</summary>
public sealed record TensorDone(string Name, int Index, int Count);
