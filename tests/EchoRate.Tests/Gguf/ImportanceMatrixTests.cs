namespace EchoRate.Tests.Gguf;

public sealed class ImportanceMatrixTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_gguf_file_gives_means_per_expert_and_1_for_an_expert_never_reached()
    {
        Header()
            .AddTensor(
                "a.weight.in_sum2",
                [2, 3],
                GgufTensorType.F32,
                new float[] { 2, 4, 9, 9, 30, 60 }
            )
            .AddTensor("a.weight.counts", [1, 3], GgufTensorType.F32, new float[] { 2, 0, 3 })
            .Write(_folder.At("m.gguf"));

        var matrix = ImportanceMatrix.Read(_folder.At("m.gguf"));

        Assert.Equal([1, 2, 1, 1, 10, 20], matrix.Entries["a.weight"]);
        Assert.Equal((7, "a text"), (matrix.ChunkCount, matrix.Datasets.Single()));
    }

    [Fact]
    public void The_older_format_gives_the_same()
    {
        var matrix = ImportanceMatrix.Read(_folder.Write("m.dat", Legacy()));

        Assert.Equal([1, 2], matrix.Entries["a.weight"]);
        Assert.Equal([5], matrix.Entries["b.weight"]);
        Assert.Equal((7, "a text"), (matrix.ChunkCount, matrix.Datasets.Single()));
    }

    [Fact]
    public void The_older_format_may_end_after_its_entries()
    {
        var bytes = Legacy();

        var matrix = ImportanceMatrix.Read(_folder.Write("m.dat", bytes[..^14]));

        Assert.Equal(2, matrix.Entries.Count);
        Assert.Equal(0, matrix.ChunkCount);
        Assert.Empty(matrix.Datasets);
    }

    [Fact]
    public void Any_cut_of_the_older_format_is_refused_or_read_never_a_crash()
    {
        var bytes = Legacy();
        for (var length = 0; length < bytes.Length - 14; length++)
        {
            var path = _folder.Write("m.dat", bytes[..length]);
            Assert.Throws<ImportanceMatrixException>(() => ImportanceMatrix.Read(path));
        }
    }

    [Fact]
    public void A_model_a_missing_file_and_one_without_counts_are_refused_by_name()
    {
        SmallModel
            .Llama()
            .Add("general.type", GgufValue.Text("model"))
            .Write(_folder.At("model.gguf"));
        Header()
            .AddTensor("a.weight.in_sum2", [2], GgufTensorType.F32, new float[] { 2, 4 })
            .Write(_folder.At("no-counts.gguf"));
        Header()
            .AddTensor("a.weight.in_sum2", [1], GgufTensorType.F32, new float[] { float.NaN })
            .AddTensor("a.weight.counts", [1], GgufTensorType.F32, new float[] { 1 })
            .Write(_folder.At("nan.gguf"));

        Assert.Contains("no importance matrix (general.type is 'model')", Refused("model.gguf"));
        Assert.Contains("a.weight.in_sum2 has no .counts beside it", Refused("no-counts.gguf"));
        Assert.Contains("a.weight holds a value that is no finite number", Refused("nan.gguf"));
        Assert.Contains("cannot be read", Refused("missing.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    private string Refused(string name)
    {
        var message = Assert
            .Throws<ImportanceMatrixException>(() => ImportanceMatrix.Read(_folder.At(name)))
            .Message;
        Assert.StartsWith(_folder.At(name) + ": ", message, StringComparison.Ordinal);
        return message;
    }

    private static GgufWriter Header() =>
        new GgufWriter()
            .Add("general.type", GgufValue.Text("imatrix"))
            .Add("imatrix.datasets", GgufValue.TextArray(["a text"]))
            .Add("imatrix.chunk_count", GgufValue.U32(7))
            .Add("imatrix.chunk_size", GgufValue.U32(512));

    private static byte[] Legacy()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(2);
        Entry(writer, "a.weight", 3, 3, 6);
        Entry(writer, "b.weight", 0, 5);
        writer.Write(7);
        Text(writer, "a text");
        return stream.ToArray();
    }

    private static void Entry(BinaryWriter writer, string name, int calls, params float[] values)
    {
        Text(writer, name);
        writer.Write(calls);
        writer.Write(values.Length);
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }

    private static void Text(BinaryWriter writer, string text)
    {
        writer.Write(text.Length);
        writer.Write(Encoding.ASCII.GetBytes(text));
    }
}
