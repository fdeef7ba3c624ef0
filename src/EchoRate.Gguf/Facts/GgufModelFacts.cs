using System.Collections.Immutable;

namespace EchoRate.Gguf;

/// <summary>What a header alone tells about a model: the columns of files.csv, and what probes must know about BOS.</summary>
public sealed partial record GgufModelFacts
{
    /// <summary>The architecture as llama.cpp names it (`gemma3`); empty when the file does not say.</summary>
    public required string Architecture { get; init; }

    /// <summary>The model's own name for itself, `general.name`; null when absent.</summary>
    public required string? Name { get; init; }

    /// <summary>The file's name without quantization, part number and extension.</summary>
    public required string ModelName { get; init; }

    /// <summary>llama-quantize's name: from the header, else the file name's ending, else the commonest type of the two-dimensional tensors; null when there are none.</summary>
    public required string? Quantization { get; init; }

    /// <summary>How the token embedding is stored; null when there is none.</summary>
    public required GgufTensorType? TokenEmbdType { get; init; }

    /// <summary>How the output head is stored: the token embedding's type when both are one; null when there is neither.</summary>
    public required GgufTensorType? OutputType { get; init; }

    /// <summary>True when the token embedding is the output head too.</summary>
    public required bool TiedEmbeddings { get; init; }

    /// <summary>How many tensors there are of each type.</summary>
    public required ImmutableSortedDictionary<GgufTensorType, int> TensorTypes { get; init; }

    /// <summary>Numbers in all tensors together.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Bytes of all tensors together, without padding.</summary>
    public required long TensorBytes { get; init; }

    /// <summary>Bytes on disk, all parts.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Files that make up the model; 1 unless it is split.</summary>
    public required int PartCount { get; init; }

    /// <summary>Bits that one number takes on average; null without tensors.</summary>
    public double? BitsPerWeight => ParameterCount == 0 ? null : TensorBytes * 8.0 / ParameterCount;

    /// <summary>Transformer layers; null when the file does not say.</summary>
    public required int? LayerCount { get; init; }

    /// <summary>The longest context of training, in tokens; null when the file does not say.</summary>
    public required int? ContextLength { get; init; }

    /// <summary>The width of the residual stream; null when the file does not say.</summary>
    public required int? EmbeddingLength { get; init; }

    /// <summary>Experts per layer; 0 for a dense model.</summary>
    public required int ExpertCount { get; init; }

    /// <summary>True when an importance matrix guided the quantization.</summary>
    public required bool HasIMatrix { get; init; }

    /// <summary>True when the file carries a chat template.</summary>
    public required bool HasChatTemplate { get; init; }

    /// <summary>True when the chat template writes BOS itself, by name or by its text.</summary>
    public required bool ChatTemplateWritesBos { get; init; }
}
