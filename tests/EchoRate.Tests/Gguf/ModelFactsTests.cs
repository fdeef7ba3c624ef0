namespace EchoRate.Tests.Gguf;

public sealed class ModelFactsTests
{
    [Theory]
    [InlineData("gemma-2-2b-it-Q4_K_M.gguf", "gemma-2-2b-it", "Q4_K_M")]
    [InlineData("gemma-2-2b-it.q3_k_m.gguf", "gemma-2-2b-it", "Q3_K_M")]
    [InlineData("stories260K-f32.gguf", "stories260K", "F32")]
    [InlineData("gemma-7b.f16.gguf", "gemma-7b", "F16")]
    [InlineData("gemma-3-27b-it-f16-00001-of-00002.gguf", "gemma-3-27b-it", "F16")]
    [InlineData("gpt-oss-120b-mxfp4-00001-of-00003.gguf", "gpt-oss-120b", "MXFP4_MOE")]
    [InlineData("Qwen3-4B-UD-Q4_K_XL.gguf", "Qwen3-4B", "Q4_K_M")]
    [InlineData("m-Q3_K_L.gguf", "m", "Q3_K_L")]
    [InlineData("m-Q6_K_L.gguf", "m", "Q6_K")]
    [InlineData("m.i1-IQ2_XXS.GGUF", "m", "IQ2_XXS")]
    [InlineData("m-bf16.gguf", "m", "BF16")]
    [InlineData("m-Q2_K-embd-Q2_K.gguf", "m", "Q2_K")]
    [InlineData("m-Q2_K-embd-F16-output-Q8_0-pure-imat.gguf", "m", "Q2_K")]
    [InlineData("m-q4_k_m-imat.gguf", "m", "Q4_K_M")]
    [InlineData("m-Q8_0-Q4_0.gguf", "m-Q8_0", "Q4_0")]
    [InlineData("m-pure.gguf", "m-pure", null)]
    [InlineData("2b_pt_v2.gguf", "2b_pt_v2", null)]
    [InlineData("Q4_K_M.gguf", "Q4_K_M", null)]
    [InlineData("model-Q9_Z.gguf", "model-Q9_Z", null)]
    public void A_file_name_gives_the_models_name_and_quantization(
        string file,
        string model,
        string? quantization
    )
    {
        Assert.Equal(model, QuantizationNames.ModelName(Path.Combine("some-Q8_0", file)));
        Assert.Equal(quantization, QuantizationNames.OfFileName(file));
    }

    [Theory]
    [InlineData("m-Q2_K.gguf", null, null, false, false)]
    [InlineData("m-Q2_K-embd-Q2_K.gguf", "Q2_K", null, false, false)]
    [InlineData("m-Q2_K-output-Q6_K-pure.gguf", null, "Q6_K", true, false)]
    [InlineData("m-Q2_K-embd-IQ4_NL-output-BF16-pure-imat.gguf", "IQ4_NL", "BF16", true, true)]
    public void A_name_made_of_model_and_quantization_gives_both_back(
        string file,
        string? embedding,
        string? output,
        bool pure,
        bool matrix
    )
    {
        Assert.Equal(
            file,
            QuantizationNames.FileName("m", "Q2_K", embedding, output, pure, matrix)
        );
        Assert.Equal("m", QuantizationNames.ModelName(file));
        Assert.Equal("Q2_K", QuantizationNames.OfFileName(file));
    }

    [Fact]
    public void The_headers_quantization_goes_before_the_names_and_that_before_the_tensors()
    {
        Assert.Equal(
            "Q4_K_M",
            SmallModel
                .Llama()
                .Add("general.file_type", GgufValue.U32(15))
                .Facts("m-Q2_K.gguf")
                .Quantization
        );
        Assert.Equal(
            "Q2_K",
            SmallModel
                .Llama()
                .Add("general.file_type", GgufValue.U32(999))
                .Facts("m-Q2_K.gguf")
                .Quantization
        );
        Assert.Equal(
            "F16",
            SmallModel
                .Llama()
                .AddTensor("x", [1, 1], GgufTensorType.F16, new float[1])
                .Facts("m.gguf")
                .Quantization
        );
    }

    [Fact]
    public void Sizes_are_those_of_the_tensors()
    {
        using var folder = new TemporaryFolder();
        SmallModel.Llama().Write(folder.At("m.gguf"));
        var file = GgufFile.Read(folder.At("m.gguf"));
        var facts = ModelFacts.From(file);
        Assert.Equal(("llama", (int?)1), (facts.Architecture, facts.Layers));
        Assert.Equal(
            [128, 4, null],
            new[] { "context_length", "embedding_length", "expert_count" }.Select(file.Count)
        );
        Assert.Equal((1064L, 4224L), (facts.Parameters!.Value, file.TensorBytes));
        Assert.Equal(4224 * 8 / 1064.0, facts.BitsPerWeight);
        Assert.Equal("F32:2 F16:1", facts.TensorTypes);
        Assert.Equal(
            (true, "F32", "F32"),
            (facts.TiedEmbeddings, facts.TokenEmbeddingType, facts.OutputType)
        );
    }

    [Theory]
    [InlineData("{{ bos_token }}{% for m in messages %}", true)]
    [InlineData("<bos><start_of_turn>user", true)]
    [InlineData("<|im_start|>user", false)]
    public void A_chat_template_is_searched_for_BOS(string template, bool writes)
    {
        using var folder = new TemporaryFolder();
        SmallModel
            .Llama()
            .Add("tokenizer.chat_template", GgufValue.Text(template))
            .Write(folder.At("m.gguf"));
        Assert.Equal(writes, GgufFile.Read(folder.At("m.gguf")).Metadata.ChatTemplateWritesBos);
    }
}
