using EchoRate.DemoModels;
using EchoRate.Gguf;

namespace EchoRate.Tests.DemoModels;

public sealed class DemoMetadataTests
{
    public static TheoryData<string> Names => [.. DemoCatalogue.All.Select(model => model.Name)];

    private static DemoModel Model(string name) =>
        DemoCatalogue.All.Single(model => model.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_file_says_that_it_is_constructed(string name)
    {
        var metadata = DemoFile.File(Model(name)).Metadata;

        Assert.True(metadata.Bool("echorate.constructed"));
        Assert.Contains(
            "constructed, not trained",
            metadata.Text("general.name")!,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "Constructed, not trained",
            metadata.Text("general.description")!,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_architecture_is_the_family_s_own(string name)
    {
        var model = Model(name);

        Assert.Equal(
            model.Architecture,
            DemoFile.File(model).Metadata.Text("general.architecture")
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Matrices_are_F16_in_rows_of_whole_super_blocks_and_vectors_are_F32(string name) =>
        Assert.All(
            DemoFile.File(Model(name)).Tensors,
            tensor =>
            {
                var isMatrix = tensor.Dimensions.Length == 2;
                Assert.Equal(isMatrix ? GgufTensorType.F16 : GgufTensorType.F32, tensor.Type);
                Assert.True(!isMatrix || tensor.Dimensions[0] % 256 == 0, tensor.Name);
            }
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void The_head_is_the_embedding(string name)
    {
        var file = DemoFile.File(Model(name));

        Assert.Null(file.Tensor("output.weight"));
        Assert.Equal(
            DemoFile.Pieces(Model(name)).Count,
            file.Tensor("token_embd.weight")!.Dimensions[1]
        );
    }

    [Fact]
    public void Demo_echo_has_Gemma_s_special_tokens_and_adds_BOS()
    {
        var metadata = DemoFile.File(DemoCatalogue.Echo).Metadata;

        Assert.Equal(
            ["<pad>", "<eos>", "<bos>", "<unk>"],
            DemoFile.Pieces(DemoCatalogue.Echo).Take(4)
        );
        Assert.Equal(2, metadata.WholeNumber("tokenizer.ggml.bos_token_id"));
        Assert.Equal(1, metadata.WholeNumber("tokenizer.ggml.eos_token_id"));
        Assert.True(metadata.Bool("tokenizer.ggml.add_bos_token"));
        Assert.False(metadata.Bool("tokenizer.ggml.add_space_prefix"));
        Assert.Equal("llama", metadata.Text("tokenizer.ggml.model"));
    }

    [Fact]
    public void Demo_plain_declares_a_BOS_that_it_does_not_add()
    {
        var metadata = DemoFile.File(DemoCatalogue.Plain).Metadata;
        var bos = metadata.WholeNumber("tokenizer.ggml.bos_token_id");

        Assert.Equal("<|endoftext|>", DemoFile.Pieces(DemoCatalogue.Plain)[(int)bos!]);
        Assert.False(metadata.Bool("tokenizer.ggml.add_bos_token"));
        Assert.Equal("gpt2", metadata.Text("tokenizer.ggml.model"));
        Assert.Equal("qwen2", metadata.Text("tokenizer.ggml.pre"));
    }
}
