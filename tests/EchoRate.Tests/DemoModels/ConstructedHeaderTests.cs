using EchoRate.Core.Models;
using EchoRate.Gguf;
using EchoRate.Testing;

namespace EchoRate.Tests.DemoModels;

/// <summary>What the headers say: the families' own tokenizers, BOS keys and shapes, and that the file is constructed.</summary>
public sealed class ConstructedHeaderTests
{
    public static TheoryData<string> Names => [.. ConstructedFiles.Names];

    public static TheoryData<string> Traps => [.. MiniatureTraps.All.Select(trap => trap.Name)];

    [Theory, MemberData(nameof(Names))]
    public void The_header_is_sound_and_says_that_the_file_is_constructed(string name)
    {
        var file = ConstructedFiles.File(name);

        Assert.True(GgufFile.TryRead(file.Path, out _, out var problems));
        Assert.Empty(problems);
        Assert.True(file.Metadata.Bool("echorate.constructed"));
        Assert.Contains("constructed, not trained", file.Metadata.Text("general.name")!);
        Assert.Contains("Constructed, not trained", file.Metadata.Text("general.description")!);
    }

    [Theory]
    [InlineData("demo-echo", "gemma", "llama", "default", "<bos>", true, true)]
    [InlineData("demo-plain", "qwen3", "gpt2", "qwen2", "<|endoftext|>", false, true)]
    [InlineData("mini-gemma", "gemma", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-gemma2", "gemma2", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-gemma3", "gemma3", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-qwen3", "qwen3", "gpt2", "qwen2", "<|endoftext|>", false, true)]
    [InlineData("mini-gpt-oss", "gpt-oss", "gpt2", "gpt-4o", "<|startoftext|>", null, false)]
    [InlineData("mini-gpt-oss-mxfp4", "gpt-oss", "gpt2", "gpt-4o", "<|startoftext|>", null, false)]
    [InlineData("mini-llama", "llama", "gpt2", "llama-bpe", "<|begin_of_text|>", null, false)]
    public void Architecture_tokenizer_bos_and_head_are_the_family_s_own(
        string name,
        string architecture,
        string tokenizer,
        string preTokenizer,
        string bos,
        bool? addBos,
        bool isTied
    )
    {
        var file = ConstructedFiles.File(name);
        var facts = ModelFacts.From(file);
        var vocabulary = ConstructedFiles.Vocabulary(name);

        Assert.Equal(architecture, facts.Architecture);
        Assert.Equal(
            (tokenizer, preTokenizer),
            (file.Metadata.Text("tokenizer.ggml.model"), facts.PreTokenizer)
        );
        Assert.Equal(vocabulary.BosId, facts.BosToken);
        Assert.Equal(bos, ConstructedFiles.Pieces(name)[facts.BosToken!.Value]);
        Assert.Equal(addBos, file.Metadata.Bool(GgufKeys.AddBos));
        Assert.Equal(isTied, facts.TiedEmbeddings);
        Assert.Equal(isTied, file.Tensor("output.weight") is null);
        Assert.Equal(vocabulary.Tokens.Length, file.Tensor("token_embd.weight")!.Dimensions[1]);
        if (ConstructedFiles.Mini(name) is { } miniature)
        {
            Assert.Equal(miniature.BosKind, facts.BosKind);
        }
    }

    [Fact]
    public void Gemma_s_special_tokens_stand_in_its_order_and_no_space_is_added()
    {
        var metadata = ConstructedFiles.File("demo-echo").Metadata;

        Assert.Equal(
            ["<pad>", "<eos>", "<bos>", "<unk>"],
            ConstructedFiles.Pieces("demo-echo").Take(4)
        );
        Assert.Equal(1, metadata.WholeNumber("tokenizer.ggml.eos_token_id"));
        Assert.False(metadata.Bool("tokenizer.ggml.add_space_prefix"));
    }

    // K-quants want whole super-blocks; gpt-oss's down matrices have rows of 128.
    [Theory, MemberData(nameof(Names))]
    public void Rows_of_matrices_are_whole_super_blocks_and_demo_models_are_f16(string name) =>
        Assert.All(
            ConstructedFiles
                .File(name)
                .Tensors.Where(tensor =>
                    tensor.Dimensions.Length > 1 && tensor.Name.EndsWith("weight")
                ),
            tensor =>
            {
                Assert.True(
                    tensor.Dimensions[0] % 256 == 0 || tensor.Name.Contains("down_exps"),
                    tensor.Name
                );
                Assert.True(
                    ConstructedFiles.Demo(name) is null || tensor.Type == GgufTensorType.F16
                );
            }
        );

    [Theory, MemberData(nameof(Traps))]
    public void A_trap_differs_from_its_miniature_in_one_thing(string name)
    {
        var trap = MiniatureTraps.All.Single(trap => trap.Name == name);
        var changed = Contents(ConstructedFiles.File(name));
        var original = Contents(ConstructedFiles.File(trap.Of.Name));

        var different = changed
            .Keys.Union(original.Keys)
            .Where(key => changed.GetValueOrDefault(key) != original.GetValueOrDefault(key));

        Assert.StartsWith(Assert.Single(different), trap.Change);
    }

    // Keys and tensors by name, each with its bytes.
    private static Dictionary<string, string> Contents(GgufFile file) =>
        file
            .Metadata.Entries.Select(entry => (entry.Key, Value: Value(entry.Value)))
            .Concat(
                file.Tensors.Select(tensor =>
                    (Key: tensor.Name, Value: Convert.ToHexString(file.Data(tensor.Name)))
                )
            )
            .ToDictionary(entry => entry.Key, entry => entry.Value);

    private static string Value(GgufValue value) =>
        value.Texts is { } texts
            ? string.Join('\n', Enumerable.Range(0, texts.Count).Select(texts.Text))
            : Convert.ToHexString(value.RawBytes);
}
