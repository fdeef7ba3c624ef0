namespace EchoRate.Tests.Gguf;

/// <summary>Writes headers that GgufWriter would refuse.</summary>
internal sealed class RawHeader
{
    private readonly List<byte> _keys = [];
    private readonly List<byte> _tensors = [];
    private ulong _keyCount;
    private ulong _tensorCount;

    public byte[] Magic { get; init; } = "GGUF"u8.ToArray();

    public uint Version { get; init; } = 3;

    public ulong? KeyCount { get; init; }

    public ulong? TensorCount { get; init; }

    public int DataBytes { get; init; }

    public RawHeader Key(string key, uint type, params object[] value)
    {
        _keyCount++;
        _keys.AddRange(Pack([key, type, .. value]));
        return this;
    }

    public RawHeader Tensor(
        object name,
        ulong[] dimensions,
        uint type = 0,
        ulong offset = 0,
        uint? dimensionCount = null
    )
    {
        _tensorCount++;
        _tensors.AddRange(
            Pack([
                name,
                dimensionCount ?? (uint)dimensions.Length,
                .. dimensions.Cast<object>(),
                type,
                offset,
            ])
        );
        return this;
    }

    public byte[] Bytes()
    {
        var counts = Pack([Version, TensorCount ?? _tensorCount, KeyCount ?? _keyCount]);
        byte[] header = [.. Magic, .. counts, .. _keys, .. _tensors];
        return [.. header, .. new byte[(32 - header.Length % 32) % 32 + DataBytes]];
    }

    /// <summary>Values one behind the other, texts and bytes with their lengths.</summary>
    public static byte[] Pack(object[] values)
    {
        var bytes = new List<byte>();
        Array.ForEach(values, value => bytes.AddRange(Pack(value)));
        return [.. bytes];
    }

    private static byte[] Pack(object value) =>
        value switch
        {
            string text => Pack(Encoding.UTF8.GetBytes(text)),
            byte[] bytes => [.. BitConverter.GetBytes((ulong)bytes.Length), .. bytes],
            // As they are, without their length.
            ReadOnlyMemory<byte> bytes => bytes.ToArray(),
            byte number => [number],
            uint number => BitConverter.GetBytes(number),
            ulong number => BitConverter.GetBytes(number),
            _ => throw new ArgumentException($"{value.GetType()}?", nameof(value)),
        };
}
