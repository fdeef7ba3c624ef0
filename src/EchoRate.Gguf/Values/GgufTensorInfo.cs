using System.Collections.Immutable;

namespace EchoRate.Gguf;

/// <summary>What the header says about one tensor.</summary>
public sealed record GgufTensorInfo
{
    /// <summary>The name, 1 to 63 bytes of UTF-8.</summary>
    public required string Name { get; init; }

    /// <summary>The dimensions in ggml's order: the row length first; one to four.</summary>
    public required ImmutableArray<long> Dimensions { get; init; }

    /// <summary>How the numbers are stored.</summary>
    public required GgufTensorType Type { get; init; }

    /// <summary>Bytes from the start of the part's tensor data; a multiple of the alignment.</summary>
    public required long Offset { get; init; }

    /// <summary>Which part of a split file holds the data, from 0; 0 for a file in one piece.</summary>
    public int PartIndex { get; init; }

    /// <summary>How many numbers the tensor holds.</summary>
    public long ElementCount => Dimensions.Aggregate(1L, (product, n) => checked(product * n));

    /// <summary>The dimensions for people: <c>256 x 460</c>.</summary>
    internal string Shape => string.Join(" x ", Dimensions);

    /// <summary>How many bytes the tensor's data takes, without padding.</summary>
    public long ByteCount =>
        checked(
            Type.RowBytes(Dimensions[0])
            * Dimensions.Skip(1).Aggregate(1L, (p, n) => checked(p * n))
        );
}
