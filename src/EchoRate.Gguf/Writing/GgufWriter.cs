using System.Collections.Immutable;

namespace EchoRate.Gguf;

/// <summary>
/// Collects keys and tensors in order and writes them as one GGUF file. What it is given must make sense; <see cref="GgufFile.Read"/> tells of
/// a file that does not.
/// </summary>
public sealed partial class GgufWriter
{
    private readonly GgufMetadata _metadata = new();
    private readonly List<(GgufTensorInfo Info, Action<Stream> Write)> _tensors = [];

    private long _nextOffset;

    /// <summary>The version number written: 3, or 2 for an older reader; both look alike otherwise.</summary>
    public int Version { get; init; } = GgufFormat.NewestVersion;

    /// <summary>The keys so far, in order.</summary>
    public GgufMetadata Metadata => _metadata;

    // `general.alignment` where that key was added, before the first tensor.
    private long Alignment =>
        _metadata.WholeNumber(GgufFormat.AlignmentKey) ?? GgufFormat.DefaultAlignment;

    /// <summary>Adds a key.</summary>
    /// <exception cref="ArgumentException">It is there already.</exception>
    public GgufWriter Add(string key, GgufValue value) =>
        _metadata.TryAdd(key, value)
            ? this
            : throw new ArgumentException($"The key '{key}' is already there.", nameof(key));

    /// <summary>Adds a key, or replaces its value in place.</summary>
    public GgufWriter Set(string key, GgufValue value)
    {
        _metadata.Set(key, value);
        return this;
    }

    /// <summary>Takes a key out again; false when it was not there.</summary>
    public bool Remove(string key) => _metadata.Remove(key);

    /// <summary>Adds a tensor whose bytes are at hand.</summary>
    /// <param name="name">At most 63 bytes of UTF-8, and new.</param>
    /// <param name="dimensions">One to four, the row length first.</param>
    /// <param name="type">A row must consist of whole blocks of this type.</param>
    /// <param name="data">Exactly the bytes that the dimensions ask for; borrowed until the file is written.</param>
    public GgufWriter AddTensor(
        string name,
        ReadOnlySpan<long> dimensions,
        GgufTensorType type,
        ReadOnlyMemory<byte> data
    ) => AddTensor(name, dimensions, type, stream => stream.Write(data.Span));

    /// <summary>Adds a tensor whose bytes are written when its turn comes, so that files larger than memory can be made.</summary>
    /// <param name="name">At most 63 bytes of UTF-8, and new.</param>
    /// <param name="dimensions">One to four, the row length first.</param>
    /// <param name="type">A row must consist of whole blocks of this type.</param>
    /// <param name="write">Writes exactly the bytes that the dimensions ask for; called once per written file.</param>
    public GgufWriter AddTensor(
        string name,
        ReadOnlySpan<long> dimensions,
        GgufTensorType type,
        Action<Stream> write
    )
    {
        var info = new GgufTensorInfo
        {
            Name = name,
            Dimensions = ImmutableArray.Create(dimensions),
            Type = type,
            Offset = _nextOffset,
        };
        _nextOffset = GgufFormat.Align(checked(_nextOffset + info.ByteCount), Alignment);
        _tensors.Add((info, write));
        return this;
    }
}
