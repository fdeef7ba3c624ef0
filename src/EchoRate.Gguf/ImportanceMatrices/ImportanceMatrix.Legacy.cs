using System.Text;

namespace EchoRate.Gguf;

/// <content>
/// The format until 2025 (`imatrix.dat`). Source: llama.cpp's common/imatrix-loader.cpp.
/// i32 entry count; of each entry an i32 name length, the name, an i32 call count, an i32 value count, and the values, which are means
/// times the call count; then, if there is more, an i32 chunk count, an i32 length, and the name of the text.
/// </content>
public sealed partial record ImportanceMatrix
{
    private const string Neither =
        "is no importance matrix: neither a GGUF file nor an imatrix.dat of llama-imatrix";

    private static ImportanceMatrix FromLegacy(string path)
    {
        using var stream = File.OpenRead(path);
        using var reader = new BinaryReader(stream);
        try
        {
            var entries = new Dictionary<string, float[]>(StringComparer.Ordinal);
            for (var left = Limited(reader, 1, stream.Length / 16); left > 0; left--)
            {
                var name = Name(reader, GgufFormat.MaxTensorNameBytes);
                var calls = reader.ReadInt32();
                var values = new float[
                    Limited(reader, 1, (stream.Length - stream.Position) / sizeof(float))
                ];
                for (var i = 0; i < values.Length; i++)
                {
                    values[i] = reader.ReadSingle() / Math.Max(calls, 1);
                }
                entries[name] = values;
            }
            var more = stream.Length - stream.Position >= 2 * sizeof(int);
            return new ImportanceMatrix
            {
                Path = path,
                Entries = entries,
                ChunkCount = more ? Math.Max(0, reader.ReadInt32()) : 0,
                Datasets = more ? [Name(reader, stream.Length)] : [],
            };
        }
        catch (EndOfStreamException e)
        {
            throw new ImportanceMatrixException(path, Neither, e);
        }
    }

    private static string Name(BinaryReader reader, long most)
    {
        var bytes = new byte[Limited(reader, 1, Math.Min(most, reader.BaseStream.Length))];
        reader.BaseStream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }

    // A count that cannot be is treated like a file that ends too soon: this is some other file.
    private static int Limited(BinaryReader reader, int least, long most)
    {
        var value = reader.ReadInt32();
        return value >= least && value <= most ? value : throw new EndOfStreamException();
    }
}
