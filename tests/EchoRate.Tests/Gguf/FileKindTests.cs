using static EchoRate.Gguf.GgufProblemCode;

namespace EchoRate.Tests.Gguf;

/// <summary>People give what lies in the same folder, or what they took for the model: the first thing said is what it is.</summary>
public sealed class FileKindTests
{
    private static readonly Dictionary<string, (Func<GgufWriter> File, string Says)> NoModels =
        new()
        {
            ["mmproj of today"] = (
                () => Keys("clip", ("general.type", "mmproj")),
                "a projector (mmproj)"
            ),
            ["mmproj of 2024, without a kind"] = (() => Keys("clip"), "a projector (mmproj)"),
            ["LoRA adapter"] = (
                () => Keys("llama", ("general.type", "adapter"), ("adapter.type", "lora")),
                "a LoRA adapter"
            ),
            ["importance matrix"] = (() => Keys(null, ("general.type", "imatrix")), "--imatrix"),
            ["control vector"] = (() => Keys("controlvector"), "a control vector"),
            ["Flux for ComfyUI"] = (() => Keys("flux"), "an image or video model (flux)"),
            ["image model without keys"] = (
                () =>
                    Keys(null)
                        .AddTensor(
                            "double_blocks.0.img_attn.proj.weight",
                            [4],
                            GgufTensorType.F32,
                            new float[4]
                        ),
                "an image or video model"
            ),
            ["vocoder"] = (() => Keys("wavtokenizer-dec"), "a vocoder"),
            ["another kind"] = (
                () => Keys("llama", ("general.type", "dataset")),
                "general.type is 'dataset'"
            ),
        };

    private static readonly Dictionary<string, (byte[] Start, string Says)> OtherFormats = new()
    {
        ["GGML of early 2023"] = ("lmgg"u8.ToArray(), "GGML"),
        ["GGJT"] = ("tjgg"u8.ToArray(), "GGML"),
        ["PyTorch"] = ([(byte)'P', (byte)'K', 3, 4], "PyTorch"),
        ["safetensors"] = ([0x60, 0x2f, 1, 0, 0, 0, 0, 0, .. "{\"__metadata__\""u8], "safetensors"),
        ["gzip"] = ([0x1f, 0x8b, 8, 0], "compressed"),
    };

    public static TheoryData<string> NoModelNames => [.. NoModels.Keys];

    public static TheoryData<string> FormatNames => [.. OtherFormats.Keys];

    [Theory, MemberData(nameof(NoModelNames))]
    public void What_is_no_language_model_is_named_and_nothing_else_is_said(string name)
    {
        var (file, says) = NoModels[name];

        var problem = Assert.Single(SmallModel.Problems(file().Bytes()));

        Assert.Equal((NotAModel, GgufSeverity.Error), (problem.Code, problem.Severity));
        Assert.Contains(says, problem.Message);
    }

    [Theory, MemberData(nameof(FormatNames))]
    public void Another_format_is_named(string name)
    {
        var (start, says) = OtherFormats[name];

        var problem = Assert.Single(SmallModel.Problems([.. start, .. new byte[64]]));

        Assert.Equal(OtherFormat, problem.Code);
        Assert.Contains(says, problem.Message);
    }

    [Fact]
    public void A_vocabulary_alone_is_called_so_before_what_it_lacks()
    {
        var writer = SmallModel.Keys(new GgufWriter());
        writer.Remove("llama.block_count");

        Assert.Equal(
            [NoTensors, NoLayers],
            SmallModel.Problems(writer.Bytes()).Select(one => one.Code)
        );
    }

    [Theory]
    [InlineData("qwen3", "pooling_type", 3u, "3 (last)")]
    [InlineData("llama", "pooling_type", 4u, "4 (rank)")]
    [InlineData("llama", "pooling_type", 99u, "99 (unknown)")]
    public void An_embedding_model_is_no_damaged_file_and_says_that_it_gives_no_next_token(
        string architecture,
        string key,
        uint pooling,
        string says
    )
    {
        var problem = Assert.Single(
            SmallModel.Problems(
                SmallModel
                    .Llama(architecture)
                    .Add($"{architecture}.{key}", GgufValue.U32(pooling))
                    .Bytes()
            )
        );

        Assert.Equal((EmbeddingModel, GgufSeverity.Warning), (problem.Code, problem.Severity));
        Assert.Contains(says, problem.Message);
    }

    [Fact]
    public void A_model_that_looks_both_ways_says_so_whether_its_file_does_or_its_architecture_alone()
    {
        foreach (
            var file in new[]
            {
                SmallModel.Llama().Add("llama.attention.causal", GgufValue.Bool(false)),
                SmallModel.Llama("bert"),
                SmallModel.Llama("llada"),
                SmallModel.Llama("t5"),
            }
        )
        {
            Assert.Equal(NotCausal, Assert.Single(SmallModel.Problems(file.Bytes())).Code);
        }
        Assert.Empty(
            SmallModel.Problems(
                SmallModel
                    .Llama()
                    .Add("llama.attention.causal", GgufValue.Bool(true))
                    .Add("llama.pooling_type", GgufValue.U32(0))
                    .Bytes()
            )
        );
    }

    [Fact]
    public void What_inspect_warns_of_and_touches_a_measurement_is_a_flag()
    {
        var facts = SmallModel
            .BytePair("qwen3", "default")
            .Set("tokenizer.ggml.scores", GgufValue.NumberArray<float>(new float[262]))
            .Set("tokenizer.ggml.token_type", GgufValue.NumberArray<int>(new int[262]))
            .Set("tokenizer.ggml.bos_token_id", GgufValue.U32(999))
            .Set("tokenizer.ggml.eos_token_id", GgufValue.U32(999))
            .Facts();

        Assert.Equal(
            [
                "bos_out_of_range",
                "eos_out_of_range",
                "no_pre_tokenizer",
                "score_count",
                "token_type_count",
            ],
            facts.Flags.Order()
        );
        Assert.Equal(["space_prefix_forced"], SmallModel.Llama("gemma").Facts().Flags);
        Assert.Empty(SmallModel.Llama().Facts().Flags);
    }

    private static GgufWriter Keys(string? architecture, params (string Key, string Value)[] keys)
    {
        var writer = new GgufWriter();
        if (architecture is not null)
        {
            writer.Add("general.architecture", GgufValue.Text(architecture));
        }
        foreach (var (key, value) in keys)
        {
            writer.Add(key, GgufValue.Text(value));
        }
        return writer;
    }
}
