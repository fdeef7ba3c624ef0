using EchoRate.Machine.Planning;

namespace EchoRate.Tests.Machine.Planning;

/// <summary>What a header says about where the bytes are.</summary>
public sealed class ModelShapeTests
{
    public static TheoryData<string> Families =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_byte_of_a_file_is_counted_once_and_a_tied_embedding_once_more(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At(name + ".gguf");
        Miniatures.All.Single(miniature => miniature.Name == name).Write(path);
        var file = GgufFile.Read(path);
        var facts = ModelFacts.From(file);
        var shape = ModelShape.From(file, name);

        Assert.Equal(file.TensorBytes, shape.Bytes);
        Assert.Equal(facts.Layers + 1, shape.Layers);
        Assert.Equal(file.Count(GgufKeys.ExpertCount) > 0, shape.HasExperts);
        Assert.Equal(facts.TiedEmbeddings, shape.TiedBytes > 0);
        Assert.Equal(facts.VocabularySize!.Value, shape.VocabularySize);
        Assert.Equal(file.Count(GgufKeys.EmbeddingLength), (int)shape.Width);
        Assert.All(shape.Blocks, block => Assert.True(block.CacheBytesPerToken > 0));
        Assert.False(shape.IsEstimated);
    }

    [Fact]
    public void Keys_and_values_are_as_wide_as_the_tensors_that_make_them()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("two-widths.gguf");
        Layers(SmallModel.Llama().Set("llama.block_count", GgufValue.U32(2))).Write(path);
        var shape = ModelShape.From(GgufFile.Read(path), "two-widths");

        // Values have room for the widest in every block: 8 keys and 16 values, then 12 and 16.
        Assert.Equal([24 * 4, 28 * 4], shape.Blocks.Select(block => (int)block.CacheBytesPerToken));

        static GgufWriter Layers(GgufWriter writer) =>
            Matrix(
                Matrix(
                    Matrix(Matrix(writer, "blk.0.attn_k.weight", 8), "blk.0.attn_v.weight", 16),
                    "blk.1.attn_k.weight",
                    12
                ),
                "blk.1.attn_v.weight",
                4
            );

        static GgufWriter Matrix(GgufWriter writer, string name, int rows) =>
            writer.AddTensor(name, [4, rows], GgufTensorType.F32, new float[4 * rows]);
    }
}
