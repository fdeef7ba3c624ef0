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
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("GGUF"u8);
        writer.Write(Version);
        writer.Write((ulong)Tensors.Count);
        writer.Write((ulong)Keys.Count);
        foreach (var key in Keys)
        {
            Text(writer, Encoding.UTF8.GetBytes(key.Name));
            writer.Write(key.Type);
            writer.Write(key.Payload);
        }
        foreach (var tensor in Tensors)
        {
            Text(writer, Encoding.UTF8.GetBytes(tensor.Name));
            writer.Write((uint)tensor.Shape.Length);
            foreach (var n in tensor.Shape)
            {
                writer.Write(n);
            }
            writer.Write(tensor.Type);
            writer.Write(tensor.Offset);
        }
        while (stream.Position % Alignment != 0)
        {
            writer.Write((byte)0);
        }
        return stream.ToArray();
    }

    private static byte[] Payload(GgufValue value)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        if (value.IsArray)
        {
            writer.Write((uint)value.ElementType);
            writer.Write((ulong)value.Count);
        }
        if (value.Texts is { } texts)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                Text(writer, texts[i]);
            }
        }
        else if (value.Type == GgufValueType.Text)
        {
            Text(writer, value.RawBytes);
        }
        else
        {
            writer.Write(value.RawBytes);
        }
        return stream.ToArray();
    }

    private static void Text(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
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
