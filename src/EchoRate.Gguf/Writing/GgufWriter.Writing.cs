using System.Text;

namespace EchoRate.Gguf;

/// <content>Writing what was collected.</content>
public sealed partial class GgufWriter
{
    /// <summary>Writes the file beside its place under another name and renames it when it is whole, so that no half file is ever found.</summary>
    public void Write(string path)
    {
        var temporary = $"{path}.{Guid.NewGuid():N}.part";
        try
        {
            using (
                var stream = new FileStream(
                    temporary,
                    FileMode.CreateNew,
                    FileAccess.Write,
                    FileShare.None,
                    1 << 16
                )
            )
            {
                Write(stream);
            }
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Writes the file to a stream that knows its position, from its start on; it stays open.</summary>
    /// <exception cref="InvalidOperationException">A tensor's callback wrote more or fewer bytes than its dimensions ask for.</exception>
    public void Write(Stream stream)
    {
        WriteHeader(stream);
        Pad(stream);
        foreach (var (info, write) in _tensors)
        {
            var start = stream.Position;
            write(stream);
            if (stream.Position != start + info.ByteCount)
            {
                throw new InvalidOperationException(
                    $"Tensor '{info.Name}' needs {info.ByteCount} bytes; {stream.Position - start} were written."
                );
            }
            Pad(stream);
        }
        stream.Flush();
    }

    private void WriteHeader(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(GgufFormat.Magic);
        writer.Write(Version);
        writer.Write((long)_tensors.Count);
        writer.Write((long)_metadata.Count);
        foreach (var (key, value) in _metadata.Entries)
        {
            WriteText(writer, Encoding.UTF8.GetBytes(key));
            writer.Write((int)value.Type);
            WriteValue(writer, value);
        }
        foreach (var (info, _) in _tensors)
        {
            WriteText(writer, Encoding.UTF8.GetBytes(info.Name));
            writer.Write(info.Dimensions.Length);
            foreach (var dimension in info.Dimensions)
            {
                writer.Write(dimension);
            }
            writer.Write((int)info.Type);
            writer.Write(info.Offset);
        }
    }

    private static void WriteValue(BinaryWriter writer, GgufValue value)
    {
        if (value.IsArray)
        {
            writer.Write((int)value.ElementType);
            writer.Write((long)value.Count);
        }
        if (value.Texts is { } texts)
        {
            for (var i = 0; i < texts.Count; i++)
            {
                WriteText(writer, texts[i]);
            }
        }
        else if (value.Type == GgufValueType.Text)
        {
            WriteText(writer, value.RawBytes);
        }
        else
        {
            writer.Write(value.RawBytes);
        }
    }

    private static void WriteText(BinaryWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Write((long)bytes.Length);
        writer.Write(bytes);
    }

    // llama.cpp's own writer pads the last tensor too.
    private void Pad(Stream stream)
    {
        var missing = GgufFormat.Align(stream.Position, Alignment) - stream.Position;
        Span<byte> zeros = stackalloc byte[256];
        zeros.Clear();
        for (; missing > 0; missing -= Math.Min(missing, zeros.Length))
        {
            stream.Write(zeros[..(int)Math.Min(missing, zeros.Length)]);
        }
    }
}
