namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>Sound files of a kilobyte or two, for tests to bend.</summary>
internal static class BuiltFile
{
    private const int Width = 256;

    /// <summary>SentencePiece, untied, all weights of one type.</summary>
    public static GgufWriter Spm(
        string architecture = "llama",
        GgufTensorType embedding = GgufTensorType.F16,
        uint fileType = 1
    ) =>
        Vocabulary(architecture)
            .Add("general.file_type", GgufValue.U32(fileType))
            .Tensor("token_embd.weight", embedding, SmallModel.Tokens.Length)
            .Tensor("output_norm.weight", GgufTensorType.F32)
            .Tensor("output.weight", GgufTensorType.F16, SmallModel.Tokens.Length);

    /// <summary>Byte-pair, tied.</summary>
    public static GgufWriter Bpe(string? pre) =>
        SmallModel
            .BytePair(Vocabulary("qwen3"), pre)
            .Tensor("token_embd.weight", GgufTensorType.F16, SmallModel.Tokens.Length);

    /// <summary>A vocabulary and no tensors.</summary>
    public static GgufWriter Vocabulary(string architecture = "llama") =>
        SmallModel.Keys(new GgufWriter(), architecture, Width);

    /// <summary>A key gone.</summary>
    public static GgufWriter Without(this GgufWriter writer, string key)
    {
        Assert.True(writer.Remove(key));
        return writer;
    }

    /// <summary>Writes the file and answers its path.</summary>
    public static string In(this GgufWriter writer, TemporaryFolder folder, string name = "m.gguf")
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.At(name))!);
        writer.Write(folder.At(name));
        return folder.At(name);
    }

    /// <summary>A model whose last tensor is a hole of so many bytes; skips the test where a file cannot have holes.</summary>
    public static string WithHole(this GgufWriter writer, TemporaryFolder folder, long bytes)
    {
        Assert.SkipWhen(
            OperatingSystem.IsWindows() || OperatingSystem.IsMacOS(),
            "this file system has no sparse files"
        );
        var header = new MemoryStream();
        Assert.Throws<IOException>(() =>
            writer
                .AddTensor(
                    "hole.weight",
                    [1 << 15, bytes >> 17],
                    GgufTensorType.F32,
                    _ => throw new IOException("a hole")
                )
                .Write(header)
        );
        using var file = File.Create(folder.At("big.gguf"));
        header.WriteTo(file);
        file.SetLength(header.Length + bytes);
        return file.Name;
    }

    private static GgufWriter Tensor(
        this GgufWriter writer,
        string name,
        GgufTensorType type,
        int rows = 1
    ) =>
        writer.AddTensor(
            name,
            rows == 1 ? [Width] : [Width, rows],
            type,
            new byte[type.RowBytes(Width) * rows]
        );
}
