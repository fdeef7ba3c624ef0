using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Tests.Gguf;

public sealed class SplitFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SplitFileTests()
    {
        Numbered(SmallModel.Keys(new GgufWriter()), 0)
            .AddTensor(
                "token_embd.weight",
                SmallModel.EmbeddingShape,
                GgufTensorType.F32,
                SmallModel.Embedding
            )
            .Write(_folder.At("m-Q8_0-00001-of-00003.gguf"));
        Numbered(new GgufWriter(), 1)
            .AddTensor("a", [4], GgufTensorType.I8, new byte[] { 1, 1, 1, 1 })
            .AddTensor("b", [4], GgufTensorType.I8, new byte[] { 2, 2, 2, 2 })
            .Write(_folder.At("m-Q8_0-00002-of-00003.gguf"));
        Numbered(new GgufWriter(), 2)
            .AddTensor("c", [4], GgufTensorType.I8, new byte[] { 3, 3, 3, 3 })
            .Write(_folder.At("m-Q8_0-00003-of-00003.gguf"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_first_part_brings_the_others_along()
    {
        var file = GgufFile.Read(_folder.At("m-Q8_0-00001-of-00003.gguf"));
        Assert.Equal(["token_embd.weight", "a", "b", "c"], file.Tensors.Select(t => t.Name));
        Assert.Equal([0, 1, 1, 2], file.Tensors.Select(t => t.PartIndex));
        Assert.Equal([1, 2, 1], file.Parts.Select(p => p.Tensors.Count));
        Assert.Equal(file.Parts.Sum(p => new FileInfo(p.Path).Length), file.FileBytes);
        var copied = new MemoryStream();
        file.CopyTensor(file.Tensor("b")!, copied);
        Assert.Equal([2, 2, 2, 2], copied.ToArray());
        var facts = ModelFacts.From(file);
        Assert.Equal(
            ("m", "Q8_0", 3, (long?)1056),
            (facts.Model, facts.Quantization, file.Parts.Length, facts.Parameters)
        );
    }

    [Fact]
    public void A_first_part_may_hold_keys_alone()
    {
        SmallModel
            .Keys(new GgufWriter())
            .Add("split.no", GgufValue.Number<ushort>(0))
            .Add("split.count", GgufValue.Number<ushort>(2))
            .Add("split.tensors.count", GgufValue.Number<int>(1))
            .Write(_folder.At("m-00001-of-00002.gguf"));
        new GgufWriter()
            .Add("split.no", GgufValue.Number<ushort>(1))
            .AddTensor(
                "token_embd.weight",
                SmallModel.EmbeddingShape,
                GgufTensorType.F32,
                SmallModel.Embedding
            )
            .Write(_folder.At("m-00002-of-00002.gguf"));
        Assert.Equal(
            1,
            Assert.Single(GgufFile.Read(_folder.At("m-00001-of-00002.gguf")).Tensors).PartIndex
        );
    }

    [Fact]
    public void A_split_model_can_be_written_as_one()
    {
        GgufCopy
            .Of(GgufFile.Read(_folder.At("m-Q8_0-00001-of-00003.gguf")))
            .Write(_folder.At("one.gguf"));
        var one = GgufFile.Read(_folder.At("one.gguf"));
        Assert.Equal(4, one.Tensors.Length);
        Assert.False(one.Metadata.Has("split.count"));
    }

    [Fact]
    public void A_missing_part_is_named()
    {
        File.Delete(_folder.At("m-Q8_0-00002-of-00003.gguf"));
        var problem = Assert.Single(Problems(_folder.At("m-Q8_0-00001-of-00003.gguf")));
        Assert.Equal(PartMissing, problem.Code);
        Assert.Contains("m-Q8_0-00002-of-00003.gguf", problem.Message);
    }

    [Fact]
    public void A_later_part_leads_to_the_first()
    {
        var problem = Assert.Single(Problems(_folder.At("m-Q8_0-00003-of-00003.gguf")));
        Assert.Equal(NotFirstPart, problem.Code);
        Assert.Contains("m-Q8_0-00001-of-00003.gguf", problem.Message);
    }

    [Fact]
    public void A_renamed_part_is_refused_as_llama_cpp_would()
    {
        File.Move(_folder.At("m-Q8_0-00001-of-00003.gguf"), _folder.At("renamed.gguf"));
        Assert.Equal(PartName, Assert.Single(Problems(_folder.At("renamed.gguf"))).Code);
    }

    [Theory]
    [InlineData("whole.gguf")]
    [InlineData("m-Q8_0-00001-of-00003.gguf")]
    public void Parts_that_were_joined_by_cat_are_recognized_under_any_name(string name)
    {
        var parts = _folder
            .Names.Order(StringComparer.Ordinal)
            .Select(file => _folder.At(file))
            .ToList();
        byte[] joined = [.. parts.SelectMany(File.ReadAllBytes)];
        parts.ForEach(File.Delete);

        var problem = Assert.Single(Problems(_folder.Write(name, joined)));

        Assert.Equal(JoinedParts, problem.Code);
        Assert.Contains("llama-gguf-split --merge", problem.Message);
    }

    [Fact]
    public void Parts_in_the_wrong_order_and_parts_twice_are_found()
    {
        File.Copy(
            _folder.At("m-Q8_0-00002-of-00003.gguf"),
            _folder.At("m-Q8_0-00003-of-00003.gguf"),
            overwrite: true
        );
        var codes = Problems(_folder.At("m-Q8_0-00001-of-00003.gguf")).Select(p => p.Code);
        Assert.Equal([PartMismatch, DuplicateTensor, DuplicateTensor, TensorCountMismatch], codes);
    }

    [Fact]
    public void A_damaged_part_is_named()
    {
        var path = _folder.At("m-Q8_0-00002-of-00003.gguf");
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^40]);
        var problem = Assert.Single(Problems(_folder.At("m-Q8_0-00001-of-00003.gguf")));
        Assert.Equal(DataTruncated, problem.Code);
        Assert.Contains("'m-Q8_0-00002-of-00003.gguf'", problem.Message);
    }

    private static IReadOnlyList<GgufProblem> Problems(string path)
    {
        Assert.False(GgufFile.TryRead(path, out _, out var problems));
        return problems;
    }

    private static GgufWriter Numbered(GgufWriter writer, ushort number) =>
        writer
            .Add("split.no", GgufValue.Number<ushort>(number))
            .Add("split.count", GgufValue.Number<ushort>(3))
            .Add("split.tensors.count", GgufValue.Number<int>(4));
}
