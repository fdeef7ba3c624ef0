namespace EchoRate.Tests.Inspecting;

/// <summary>A file's label (Q4_K_M) and its tensors' types (Q4_K) are two things.</summary>
public sealed class TensorTypeNameTests
{
    [Fact]
    public void Tensors_bear_their_own_types_not_the_names_of_mixtures()
    {
        using var folder = new TemporaryFolder();
        SmallModel
            .Keys(new GgufWriter())
            .Set("llama.embedding_length", GgufValue.U32(256))
            .Add("general.file_type", GgufValue.U32(15))
            .AddTensor(
                "token_embd.weight",
                [256, SmallModel.Tokens.Length],
                GgufTensorType.Q4_K,
                new byte[SmallModel.Tokens.Length * 144]
            )
            .AddTensor(
                "output.weight",
                [256, SmallModel.Tokens.Length],
                GgufTensorType.Q3_K,
                new byte[SmallModel.Tokens.Length * 110]
            )
            .AddTensor("blk.0.ffn_up.weight", [256, 2], GgufTensorType.MXFP4, new byte[2 * 8 * 17])
            .Write(folder.At("m.gguf"));

        var facts = ModelFacts.From(GgufFile.Read(folder.At("m.gguf")));

        Assert.Equal("Q4_K_M", facts.Quantization);
        Assert.Equal("Q4_K", facts.TokenEmbeddingType);
        Assert.Equal("Q3_K", facts.OutputType);
        Assert.False(facts.TiedEmbeddings);
        Assert.Equal("Q3_K:1 Q4_K:1 MXFP4:1", facts.TensorTypes);
    }

    [Theory]
    [InlineData("F32", GgufTensorType.F32, 32)]
    [InlineData("BF16", GgufTensorType.BF16, 16)]
    [InlineData("Q8_0", GgufTensorType.Q8_0, 8.5)]
    [InlineData("Q6_K", GgufTensorType.Q6_K, 6.5625)]
    [InlineData("Q5_K_S", GgufTensorType.Q5_K, 5.5)]
    [InlineData("Q4_K_M", GgufTensorType.Q4_K, 4.5)]
    [InlineData("Q3_K_L", GgufTensorType.Q3_K, 3.4375)]
    [InlineData("Q2_K", GgufTensorType.Q2_K, 2.625)]
    [InlineData("Q2_K_S", GgufTensorType.Q2_K, 2.625)]
    [InlineData("Q4_0", GgufTensorType.Q4_0, 4.5)]
    [InlineData("IQ4_XS", GgufTensorType.IQ4_XS, 4.25)]
    [InlineData("IQ3_M", GgufTensorType.IQ3_S, 3.4375)]
    [InlineData("IQ2_S", GgufTensorType.IQ2_XS, 2.3125)]
    [InlineData("IQ1_M", GgufTensorType.IQ1_M, 1.75)]
    [InlineData("MXFP4_MOE", GgufTensorType.MXFP4, 4.25)]
    public void A_label_promises_a_type(string label, GgufTensorType type, double bits)
    {
        Assert.Equal(type, QuantizationNames.TensorTypeOf(label));
        Assert.Equal(bits, type.BitsPerNumber());
    }

    [Fact]
    public void Every_label_that_a_header_can_give_promises_a_type()
    {
        for (var fileType = 0; fileType < 50; fileType++)
        {
            if (QuantizationNames.OfFileType(fileType) is { } label)
            {
                Assert.True(QuantizationNames.TensorTypeOf(label) is not null, label);
            }
        }
        Assert.Null(QuantizationNames.TensorTypeOf("FANCY_4"));
        Assert.Equal(0, ((GgufTensorType)36).BitsPerNumber());
    }
}
