namespace EchoRate.Tests.Gguf.Mutations;

/// <summary>A model taken apart, so that any piece can be bent and the whole written again, however wrong.</summary>
internal sealed class RawModel
{
    private const int Alignment = 32;

    public uint Version { get; set; } = 3;

    public List<RawKey> Keys { get; } = [];

    public List<RawTensor> Tensors { get; } = [];

    /// <summary>Bytes behind the header.</summary>
    public long DataBytes { get; set; }

    public static RawModel Read(string path)
    {
        var file = GgufFile.Read(path);
        var model = new RawModel { DataBytes = file.FileBytes - file.Parts[0].DataOffset };
        foreach (var (key, value) in file.Metadata.Entries)
        {
            model.Keys.Add(new RawKey(key, (uint)value.Type, Payload(value)));
        }
        foreach (var tensor in file.Tensors)
        {
            model.Tensors.Add(
                new RawTensor(
                    tensor.Name,
                    [.. tensor.Dimensions.Select(n => (ulong)n)],
                    (uint)tensor.Type,
                    (ulong)tensor.Offset
                )
            );
        }
        return model;
    }

    public RawModel Copy()
    {
        var copy = new RawModel { Version = Version, DataBytes = DataBytes };
        copy.Keys.AddRange(Keys);
        copy.Tensors.AddRange(Tensors.Select(tensor => tensor with { Shape = [.. tensor.Shape] }));
        return copy;
    }

    /// <summary>Lays the tensors out one behind the other, as llama.cpp demands, where their sizes make sense.</summary>
    public void LayOut()
    {
        var offset = 0L;
        for (var i = 0; i < Tensors.Count; i++)
        {
            Tensors[i] = Tensors[i] with { Offset = (ulong)offset };
            offset =
                (offset + Math.Clamp(Tensors[i].Bytes, 0, 1L << 24) + Alignment - 1)
                / Alignment
                * Alignment;
        }
        DataBytes = offset;
    }

    /// <summary>Keys and tensor infos with the padding behind them.</summary>
    public byte[] Header()
    {
        var header = new RawHeader { Version = Version };
        Keys.ForEach(key => header.Key(key.Name, key.Type, (ReadOnlyMemory<byte>)key.Payload));
        Tensors.ForEach(tensor =>
            header.Tensor(tensor.Name, tensor.Shape, tensor.Type, tensor.Offset)
        );
        return header.Bytes();
    }

    private static byte[] Payload(GgufValue value)
    {
        object[] head = value.IsArray ? [(uint)value.ElementType, (ulong)value.Count] : [];
        object[] body =
            value.Texts is { } texts
                ? [.. Enumerable.Range(0, texts.Count).Select(i => texts[i].ToArray())]
            : value.Type == GgufValueType.Text ? [value.RawBytes.ToArray()]
            : [(ReadOnlyMemory<byte>)value.RawBytes.ToArray()];
        return RawHeader.Pack([.. head, .. body]);
    }
}

/// <summary>A key with its value as it stands in the file.</summary>
internal sealed record RawKey(string Name, uint Type, byte[] Payload);

/// <summary>A tensor info.</summary>
internal sealed record RawTensor(string Name, ulong[] Shape, uint Type, ulong Offset)
{
    /// <summary>Bytes of its data; 0 where its type or shape makes no sense.</summary>
    public long Bytes
    {
        get
        {
            var type = (GgufTensorType)Type;
            if (!type.IsKnown() || Shape.Length == 0 || Shape[0] % (ulong)type.BlockSize() != 0)
            {
                return 0;
            }
            var bytes = Shape[0] / (ulong)type.BlockSize() * (ulong)type.BlockBytes();
            return Shape.Any(n => n > 1 << 20)
                ? 0
                : (long)Shape.Skip(1).Aggregate(bytes, (p, n) => p * n);
        }
    }
}
