using System.Buffers.Binary;

namespace EchoRate.Tests.Gguf;

public sealed class GgufWriterTests
{
    [Fact]
    public void A_file_is_either_whole_or_not_there()
    {
        using var folder = new TemporaryFolder();
        var writer = SmallModel
            .Llama()
            .AddTensor("late", [4], GgufTensorType.F32, _ => throw new IOException("disk full"));
        Assert.Throws<IOException>(() => writer.Write(folder.At("model.gguf")));
        Assert.Empty(folder.Names);
        SmallModel.Llama().Write(folder.At("model.gguf"));
        Assert.Equal("model.gguf", Assert.Single(folder.Names));
    }

    [Theory]
    [InlineData(12)]
    [InlineData(20)]
    public void A_callback_must_write_exactly_its_bytes(int bytes)
    {
        var writer = new GgufWriter().AddTensor(
            "t",
            [4],
            GgufTensorType.F32,
            s => s.Write(new byte[bytes])
        );
        Assert.Throws<InvalidOperationException>(() => writer.Bytes());
    }

    [Fact]
    public void Tensors_begin_at_multiples_of_the_declared_alignment()
    {
        using var folder = new TemporaryFolder();
        SmallModel
            .Keys(new GgufWriter().Add("general.alignment", GgufValue.U32(256)))
            .AddTensor(
                "token_embd.weight",
                SmallModel.EmbeddingShape,
                GgufTensorType.F32,
                SmallModel.Embedding
            )
            .AddTensor("b", [3], GgufTensorType.F32, new float[3])
            .Write(folder.At("model.gguf"));
        var file = GgufFile.Read(folder.At("model.gguf"));
        Assert.Equal(256, file.Parts[0].Alignment);
        Assert.Equal(0, file.Parts[0].DataOffset % 256);
        Assert.Equal([0, 4352], file.Tensors.Select(t => t.Offset));
    }

    [Theory]
    [InlineData(1.0f, 0x3c00, 0x3f80)]
    [InlineData(-2.5f, 0xc100, 0xc020)]
    [InlineData(1.00390625f, 0x3c04, 0x3f80)] // halfway for BF16: to even
    [InlineData(1.01171875f, 0x3c0c, 0x3f82)]
    [InlineData(float.PositiveInfinity, 0x7c00, 0x7f80)]
    public void Floats_are_rounded_to_the_nearest_half_and_brain_float(
        float value,
        int half,
        int brain
    )
    {
        Assert.Equal(half, Stored(GgufTensorType.F16, value));
        Assert.Equal(brain, Stored(GgufTensorType.BF16, value));
    }

    [Fact]
    public void A_NaN_stays_one_in_brain_float()
    {
        var stored = Stored(GgufTensorType.BF16, BitConverter.UInt32BitsToSingle(0x7fffffff));
        Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(stored << 16)));
    }

    private static int Stored(GgufTensorType type, float value)
    {
        var stream = new MemoryStream();
        GgufWriter.WriteFloats(stream, type, [value]);
        return BinaryPrimitives.ReadUInt16LittleEndian(stream.ToArray());
    }
}
