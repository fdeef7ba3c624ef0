using System.Collections.Immutable;
using System.Text;

namespace EchoRate.Gguf;

/// <summary>Collects keys and tensors in order and writes them as one GGUF file; mistakes of the caller are <see cref="ArgumentException"/>s.</summary>
public sealed partial class GgufWriter
{
    private readonly GgufMetadata _metadata = new();
    private readonly List<(GgufTensorInfo Info, Action<Stream> Write)> _tensors = [];
    private readonly HashSet<string> _tensorNames = new(StringComparer.Ordinal);
    private long _nextOffset;

    /// <summary>The version number written: 3, or 2 for an older reader; both look alike otherwise.</summary>
    public int Version { get; init; } = GgufFormat.NewestVersion;

    /// <summary>The keys so far, in order.</summary>
    public GgufMetadata Metadata => _metadata;

    /// <summary>Bytes to which tensor data is aligned: `general.alignment` where that key was added, else 32.</summary>
    public int Alignment { get; private set; } = GgufFormat.DefaultAlignment;

    /// <summary>Adds a key; it must be new. `general.alignment` (U32, a power of two) must come before the first tensor.</summary>
    public GgufWriter Add(string key, GgufValue value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        if (_metadata.Has(key))
        {
            throw new ArgumentException($"The key '{key}' is already there.", nameof(key));
        }
        return Set(key, value);
    }

    /// <summary>Adds a key, or replaces its value in place.</summary>
    public GgufWriter Set(string key, GgufValue value)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        ArgumentNullException.ThrowIfNull(value);
        if (key == GgufFormat.AlignmentKey)
        {
            Alignment = CheckedAlignment(value);
        }
        _metadata.Set(key, value);
        return this;
    }

    /// <summary>Takes a key out again; false when it was not there.</summary>
    public bool Remove(string key)
    {
        if (key == GgufFormat.AlignmentKey && Alignment != GgufFormat.DefaultAlignment)
        {
            throw new ArgumentException(
                "The alignment cannot be taken back; set it to 32.",
                nameof(key)
            );
        }
        return _metadata.Remove(key);
    }

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
    )
    {
        var info = Describe(name, dimensions, type);
        return data.Length == info.ByteCount
            ? Append(info, stream => stream.Write(data.Span))
            : throw new ArgumentException(
                $"Tensor '{name}' needs {info.ByteCount} bytes and got {data.Length}.",
                nameof(data)
            );
    }

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
        ArgumentNullException.ThrowIfNull(write);
        return Append(Describe(name, dimensions, type), write);
    }

    private GgufTensorInfo Describe(string name, ReadOnlySpan<long> dimensions, GgufTensorType type)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (
            _tensorNames.Contains(name)
            || Encoding.UTF8.GetByteCount(name) > GgufFormat.MaxTensorNameBytes
        )
        {
            throw new ArgumentException(
                $"Tensor name '{name}' must be new and at most {GgufFormat.MaxTensorNameBytes} bytes long.",
                nameof(name)
            );
        }
        if (
            dimensions.Length is 0 or > GgufFormat.MaxDimensions
            || dimensions.ContainsAnyInRange(long.MinValue, 0)
        )
        {
            throw new ArgumentException(
                $"Tensor '{name}' needs one to four dimensions, each at least 1.",
                nameof(dimensions)
            );
        }
        return new GgufTensorInfo
        {
            Name = name,
            Dimensions = ImmutableArray.Create(dimensions),
            Type = type,
            Offset = _nextOffset,
        };
    }

    private GgufWriter Append(GgufTensorInfo info, Action<Stream> write)
    {
        _nextOffset = GgufFormat.Align(checked(_nextOffset + info.ByteCount), Alignment);
        _tensorNames.Add(info.Name);
        _tensors.Add((info, write));
        return this;
    }

    private int CheckedAlignment(GgufValue value)
    {
        if (
            value.Type != GgufValueType.U32
            || value.AsInteger() is not (> 0 and <= 1 << 30)
            || !long.IsPow2(value.AsInteger()!.Value)
        )
        {
            throw new ArgumentException(
                $"{GgufFormat.AlignmentKey} must be a U32 power of two, not {value}.",
                nameof(value)
            );
        }
        var alignment = (int)value.AsInteger()!.Value;
        return _tensors.Count == 0 || alignment == Alignment
            ? alignment
            : throw new ArgumentException(
                "The alignment must be set before the first tensor.",
                nameof(value)
            );
    }
}
