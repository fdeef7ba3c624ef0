using EchoRate.DemoModels;
using EchoRate.DemoModels.Vocabulary;
using EchoRate.Gguf;
using EchoRate.Testing;

namespace EchoRate.Tests.DemoModels;

/// <summary>What the miniatures' headers say: their families' own tokenizers, BOS keys and defaults.</summary>
public sealed class MiniatureMetadataTests
{
    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    public static TheoryData<string> Traps => [.. MiniatureTraps.All.Select(trap => trap.Name)];

    private static Miniature Get(string name) =>
        Miniatures.All.Single(miniature => miniature.Name == name);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_header_has_no_problems_and_the_catalogue_s_facts(string name)
    {
        var miniature = Get(name);

        MiniatureFile.Look(
            miniature.Write,
            file =>
            {
                Assert.True(GgufFile.TryRead(file.Path, out _, out var problems));
                Assert.Empty(problems);
                var facts = GgufModelFacts.From(file);
                Assert.Equal(miniature.Architecture, facts.Architecture);
                Assert.Equal(miniature.BosKind, facts.BosKind);
                Assert.Equal(miniature.Vocabulary().BosId, facts.BosId);
                Assert.True(file.Metadata.Bool("echorate.constructed"));
                return facts;
            }
        );
    }

    [Theory]
    [InlineData("mini-gemma", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-gemma2", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-gemma3", "llama", "default", "<bos>", true, true)]
    [InlineData("mini-qwen3", "gpt2", "qwen2", "<|endoftext|>", false, true)]
    [InlineData("mini-gpt-oss", "gpt2", "gpt-4o", "<|startoftext|>", null, false)]
    [InlineData("mini-gpt-oss-mxfp4", "gpt2", "gpt-4o", "<|startoftext|>", null, false)]
    [InlineData("mini-llama", "gpt2", "llama-bpe", "<|begin_of_text|>", null, false)]
    public void Tokenizer_bos_and_head_are_the_family_s_own(
        string name,
        string tokenizer,
        string preTokenizer,
        string bos,
        bool? addBos,
        bool isTied
    ) =>
        MiniatureFile.Look(
            Get(name).Write,
            file =>
            {
                var facts = GgufModelFacts.From(file);
                Assert.Equal(
                    (tokenizer, preTokenizer),
                    (file.Metadata.Text("tokenizer.ggml.model"), facts.PreTokenizer)
                );
                Assert.Equal(
                    bos,
                    file.Metadata.Texts("tokenizer.ggml.tokens")!.Text(facts.BosId!.Value)
                );
                Assert.Equal(addBos, facts.AddBos);
                Assert.Equal(isTied, facts.TiedEmbeddings);
                return facts;
            }
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void The_published_words_are_one_token_each_and_no_two_have_one_partner(string name)
    {
        var miniature = Get(name);
        var vocabulary = miniature.Vocabulary();

        Assert.Equal(
            DemoCatalogue.Echo.Words.Select(w => w.Text),
            miniature.Words.Select(w => w.Text)
        );
        Assert.Equal(
            27,
            miniature.Words.Select(word => vocabulary.Id(word.AfterBos)).Distinct().Count()
        );
        Assert.Equal(
            vocabulary.Tokens.Length,
            vocabulary.Tokens.Select(token => token.Piece).Distinct(StringComparer.Ordinal).Count()
        );
        MiniatureFile.Look(
            miniature.Write,
            file =>
            {
                Func<string, IReadOnlyList<int>> tokenize =
                    vocabulary is SpmVocabulary
                        ? new SpmSimulation(file).Tokenize
                        : new BpeSimulation(file).Tokenize;
                Assert.All(
                    miniature.Words,
                    word => Assert.Equal([vocabulary.Id(word.Text)], tokenize(word.Text))
                );
                return file;
            }
        );
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Rows_that_k_quants_take_are_whole_super_blocks(string name) =>
        MiniatureFile.Look(
            Get(name).Write,
            file =>
            {
                Assert.All(
                    file.Tensors.Where(tensor =>
                        tensor.Name.EndsWith("weight", StringComparison.Ordinal)
                    ),
                    tensor =>
                        Assert.True(
                            tensor.Dimensions.Length == 1
                                || tensor.Dimensions[0] % 256 == 0
                                || tensor.Name.Contains("down_exps", StringComparison.Ordinal)
                        )
                );
                return file;
            }
        );

    [Theory]
    [MemberData(nameof(Traps))]
    public void A_trap_differs_from_its_miniature_in_one_thing(string name)
    {
        var trap = MiniatureTraps.All.Single(trap => trap.Name == name);
        var changed = MiniatureFile.Look(trap.Write, Contents);
        var original = MiniatureFile.Look(trap.Of.Write, Contents);

        var different = changed
            .Keys.Union(original.Keys)
            .Where(key => changed.GetValueOrDefault(key) != original.GetValueOrDefault(key))
            .ToList();

        Assert.Single(different);
        Assert.StartsWith(different[0], trap.Change, StringComparison.Ordinal);
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
