using System.Collections.Immutable;

namespace EchoRate.Gguf;

/// <summary>A GGUF model as its header describes it; a split model counts as one. Tensor data stays on disk.</summary>
public sealed partial class GgufFile
{
    private readonly Dictionary<string, GgufTensorInfo> _byName = new(StringComparer.Ordinal);

    internal GgufFile(
        string path,
        ImmutableArray<GgufPart> parts,
        ImmutableArray<GgufTensorInfo> tensors
    )
    {
        Path = path;
        Metadata = parts[0].Metadata;
        Parts = parts;
        Tensors = tensors;
        foreach (var tensor in tensors)
        {
            _byName.TryAdd(tensor.Name, tensor);
        }
    }

    /// <summary>The path as given: the first part of a split model.</summary>
    public string Path { get; }

    /// <summary>The first part's keys, which are the model's.</summary>
    public GgufMetadata Metadata { get; }

    /// <summary>What its reader found, errors and warnings.</summary>
    public IReadOnlyList<GgufProblem> Problems { get; private set; } = [];

    /// <summary>The tensors of all parts, in the files' order.</summary>
    public ImmutableArray<GgufTensorInfo> Tensors { get; }

    /// <summary>The files that make up the model; one unless it is split.</summary>
    public ImmutableArray<GgufPart> Parts { get; }

    /// <summary>Bytes of all parts on disk.</summary>
    public long FileBytes => Parts.Sum(part => part.FileBytes);

    /// <summary>Numbers in all tensors together.</summary>
    public long ParameterCount => Sum(tensor => tensor.ElementCount);

    /// <summary>Bytes of all tensors together, without padding.</summary>
    public long TensorBytes => Sum(tensor => tensor.ByteCount);

    /// <summary>How many tensors there are of each type, in the types' order.</summary>
    public IEnumerable<KeyValuePair<GgufTensorType, int>> TensorTypes =>
        Tensors.CountBy(tensor => tensor.Type).OrderBy(type => type.Key);

    /// <summary>The count under a key that stands behind the architecture's name: `gemma3.block_count`; null when there is none.</summary>
    public int? Count(string name) =>
        Metadata.WholeNumber($"{Metadata.Text(GgufKeys.Architecture)}.{name}")
            is >= 0
                and <= int.MaxValue
                and var count
            ? (int)count
            : null;

    /// <summary>The tensor of this name; null when there is none.</summary>
    public GgufTensorInfo? Tensor(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Copies one tensor's bytes, as they stand in the file, to a stream.</summary>
    /// <exception cref="EndOfStreamException">The file has become shorter since its header was read.</exception>
    public void CopyTensor(GgufTensorInfo tensor, Stream target)
    {
        var part = Parts[tensor.PartIndex];
        using var file = new FileStream(
            part.Path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            1
        );
        file.Position = part.DataOffset + tensor.Offset;
        var buffer = new byte[1 << 16];
        for (var left = tensor.ByteCount; left > 0; )
        {
            var n = (int)Math.Min(left, buffer.Length);
            file.ReadExactly(buffer, 0, n);
            target.Write(buffer, 0, n);
            left -= n;
        }
    }

    // A damaged file may claim more than fits; it has errors then, and the sum only has to be no crash.
    private long Sum(Func<GgufTensorInfo, long> of) =>
        (long)
            UInt128.Min(
                Tensors.Aggregate(UInt128.Zero, (sum, tensor) => sum + (ulong)of(tensor)),
                long.MaxValue
            );
}
