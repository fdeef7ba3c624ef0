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
        Assert.Equal((true, "F32", "F32"), Head(facts));
    }

    private static (bool, string?, string?) Head(ModelFacts facts) =>
        (facts.TiedEmbeddings!.Value, facts.TokenEmbeddingType, facts.OutputType);

    [Fact]
    public void A_head_of_its_own_unties()
    {
        var facts = SmallModel
            .Llama()
            .AddTensor(
                "output.weight",
                SmallModel.EmbeddingShape,
                GgufTensorType.BF16,
                SmallModel.Embedding
            )
            .Facts();
        Assert.Equal((false, "F32", "BF16"), Head(facts));
    }

    [Theory]
    [InlineData("qwen3", "qwen2", BosKind.Declared)]
    [InlineData("gpt-oss", "gpt-4o", BosKind.Declared)]
    [InlineData("llama", "llama-bpe", BosKind.Native)]
    [InlineData("llama", "tekken", BosKind.Native)]
    [InlineData("gemma4", "gemma4", BosKind.Native)]
    public void A_byte_pair_file_adds_BOS_where_its_pre_tokenizer_does(
        string architecture,
        string pre,
        BosKind kind
    )
    {
        var writer = SmallModel.BytePair(architecture, pre);
        if (architecture == "gpt-oss")
        {
            writer
                .Add("gpt-oss.expert_count", GgufValue.U32(4))
                .Add("gpt-oss.expert_used_count", GgufValue.U32(2));
        }
        Assert.Equal(kind, writer.Facts().BosKind);
    }

    [Fact]
    public void The_file_overrules_the_tokenizer_but_not_gemma_4s()
    {
        var no = GgufValue.Bool(false);
        Assert.Equal(
            BosKind.Declared,
            SmallModel.Llama().Add("tokenizer.ggml.add_bos_token", no).Facts().BosKind
        );
        Assert.Equal(
            BosKind.Native,
            SmallModel
                .BytePair("gemma4", "gemma4")
                .Add("tokenizer.ggml.add_bos_token", no)
                .Facts()
                .BosKind
        );
        Assert.Equal(BosKind.Declared, SmallModel.BytePair("qwen2", "qwen2").Facts().BosKind);
        Assert.Equal(
            BosKind.Native,
            SmallModel
                .BytePair("qwen2", "qwen2")
                .Add("tokenizer.ggml.add_bos_token", GgufValue.Bool(true))
                .Facts()
                .BosKind
        );
    }

    [Fact]
    public void Without_the_key_or_out_of_range_there_is_no_BOS()
    {
        var without = SmallModel.Llama();
        without.Remove("tokenizer.ggml.bos_token_id");
        Assert.Equal(BosKind.None, without.Facts().BosKind);
        var outside = SmallModel
            .Llama()
            .Set("tokenizer.ggml.bos_token_id", GgufValue.U32(261))
            .Facts();
        Assert.Equal(
            ((BosKind?)BosKind.None, (int?)null, (long?)261),
            (outside.BosKind, outside.BosToken, outside.DeclaredBosToken)
        );
    }

    [Fact]
    public void An_old_gemma_file_asks_for_the_space_to_be_switched_off()
    {
        Assert.True(SmallModel.Llama("gemma").Facts().SpacePrefixForced);
        Assert.False(
            SmallModel
                .Llama("gemma2")
                .Add("tokenizer.ggml.add_space_prefix", GgufValue.Bool(false))
                .Facts()
                .SpacePrefixForced
        );
        Assert.False(SmallModel.Llama().Facts().SpacePrefixForced);
        Assert.True(SmallModel.Llama().Facts().AddSpacePrefix);
        Assert.False(SmallModel.BytePair("qwen3", "qwen2").Facts().AddSpacePrefix);
    }

    // llama-vocab.cpp, v0.4.0: the key is read for every tokenizer, and used by SPM's and UGM's alone.
    [Fact]
    public void A_byte_pair_tokenizer_puts_no_space_in_front_even_where_the_file_says_so()
    {
        var facts = SmallModel
            .BytePair("llama", "llama-bpe")
            .Add("tokenizer.ggml.add_space_prefix", GgufValue.Bool(true))
            .Facts();

        Assert.False(facts.AddSpacePrefix);
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

    [Fact]
    public void An_importance_matrix_is_noticed()
    {
        Assert.False(SmallModel.Llama().Facts().Imatrix);
        Assert.True(
            SmallModel.Llama().Add("quantize.imatrix.file", GgufValue.Text("i.dat")).Facts().Imatrix
        );
    }
}
