using System.Text;
using EchoRate.Gguf;
using EchoRate.LLamaSharp.Quantizing;

namespace EchoRate.Cli.Quantizing;

/// <summary>One file of a ladder, as it will be.</summary>
internal sealed record PlannedFile
{
    /// <summary>llama-quantize's name of its type.</summary>
    public required string Type { get; init; }

    /// <summary>Its full path.</summary>
    public required string Path { get; init; }

    /// <summary>What is to be done about it.</summary>
    public required FileState State { get; init; }

    /// <summary>How it is made.</summary>
    public required QuantizeRequest Request { get; init; }

    /// <summary>What llama.cpp makes of each tensor.</summary>
    public required QuantizePlan Tensors { get; init; }

    /// <summary>Bytes of its tensors, without padding.</summary>
    public required long TensorBytes { get; init; }

    /// <summary>Bytes that it takes on the disk; right but for a few dozen bytes of metadata.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Bits that one number takes on average.</summary>
    public required double BitsPerWeight { get; init; }

    /// <summary>Its name without folder.</summary>
    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary>Bytes of a new file, from the plan's types and the source's header.</summary>
    public static (long TensorBytes, long FileBytes) Weigh(
        GgufFile source,
        QuantizePlan plan,
        IReadOnlyDictionary<string, string> texts
    )
    {
        var tensors = plan.Tensors.Select(planned => BytesOf(source, planned)).ToList();
        // The new header is the source's, with our texts; llama.cpp pads every tensor to 32 bytes, whatever the source says.
        var header =
            source.Parts.Sum(part => part.DataOffset)
            + texts.Sum(text =>
                KeyBytes(source, text.Key, 8 + Encoding.UTF8.GetByteCount(text.Value))
            )
            + KeyBytes(source, "general.file_type", 4)
            + KeyBytes(source, "general.quantization_version", 4);
        return (tensors.Sum(), Padded(header) + tensors.Sum(Padded));
    }

    // A text's length, the key, the number of its type, the value.
    private static long KeyBytes(GgufFile source, string key, int value) =>
        source.Metadata.Has(key) ? 0 : 8 + Encoding.UTF8.GetByteCount(key) + 4 + value;

    private static long Padded(long bytes) => (bytes + 31) / 32 * 32;

    private static long BytesOf(GgufFile source, PlannedTensor planned)
    {
        var tensor =
            source.Tensor(planned.Name)
            ?? throw new InvalidOperationException(
                $"llama.cpp plans a tensor {planned.Name} that the header does not have"
            );
        return (tensor with { Type = Enum.Parse<GgufTensorType>(planned.To) }).ByteCount;
    }
}

/// <summary>What is to be done about a file of a ladder.</summary>
internal enum FileState
{
    /// <summary>It is not there: make it.</summary>
    Missing,

    /// <summary>It is there, made from an earlier content of the same source: make it again.</summary>
    Outdated,

    /// <summary>It is there, made from this source with these options.</summary>
    Here,

    /// <summary>It is the source itself.</summary>
    IsSource,
}
