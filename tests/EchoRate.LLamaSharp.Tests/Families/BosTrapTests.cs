using System.Collections.Concurrent;
using EchoRate.LLamaSharp.Tests.Header;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>Files that would put something else in than the arm says, if the library or the file decided.</summary>
public sealed class BosTrapTests
{
    private const string Text = "When John went to the store";

    private static readonly ConcurrentDictionary<string, FileRun> s_runs = new();

    public static TheoryData<string> Traps => [.. MiniatureTraps.All.Select(trap => trap.Name)];

    [Theory, MemberData(nameof(Traps))]
    public void The_header_says_what_llama_cpp_would_do_and_the_rows_what_bos_is(string name)
    {
        var trap = Trap(name);
        var path = MiniatureFiles.PathOf(trap);
        using var native = new NativeVocabulary(path);

        var tokenizer = GgufTokenizer.Of(GgufFile.Read(path).Metadata);
        var facts = Run(trap).File.Facts;

        Assert.Equal(trap.AddsBos, tokenizer.AddsBos);
        Assert.Equal(native.AddsBos, tokenizer.AddsBos);
        Assert.Equal(native.AddsSpace, tokenizer.AddsSpacePrefix);
        Assert.Equal(trap.BosKind, facts.BosKind);
        Assert.Equal(
            trap.BosKind == BosKind.None ? null : trap.Of.Vocabulary().BosId,
            facts.BosToken
        );
    }

    [Theory, MemberData(nameof(Traps))]
    public void Words_go_in_alone_and_behind_bos_and_with_nothing_else(string name)
    {
        var trap = Trap(name);
        var vocabulary = trap.Of.Vocabulary();

        var rows = Run(trap).Echoes.ToList();

        Assert.Equal(2 * trap.Of.Words.Count, rows.Count);
        Assert.All(
            rows,
            row =>
            {
                var word = vocabulary.Id(Encoding.UTF8.GetString(row.Item!));
                Assert.Equal(
                    (row.Arm, trap.BosKind) switch
                    {
                        ("without", _) => [word],
                        (_, BosKind.None) => null,
                        _ => [vocabulary.BosId, word],
                    },
                    row.InputIds
                );
                Assert.Equal(
                    row.Arm == "with" && trap.BosKind == BosKind.None,
                    row.Status == RowStatus.NoBos
                );
            }
        );
    }

    [Theory, MemberData(nameof(Traps))]
    public void Prompts_go_in_without_an_end_a_space_or_a_second_bos(string name)
    {
        var trap = Trap(name);
        var vocabulary = trap.Of.Vocabulary();
        int[] words =
        [
            .. new[] { "When", " John", " went", " to", " the", " store" }.Select(vocabulary.Id),
        ];

        var rows = Run(trap).Completions;

        Assert.Equal(
            [words, trap.BosKind == BosKind.None ? null : [vocabulary.BosId, .. words]],
            rows.Select(row => row.InputIds)
        );
    }

    [Theory, MemberData(nameof(Traps))]
    public void The_answers_are_those_of_the_miniature(string name)
    {
        var trap = Trap(name);

        var rows = Run(trap).Echoes;

        foreach (var row in rows.Where(row => row.Status == RowStatus.Ok))
        {
            var word = trap.Of.Words.Single(word =>
                word.Text == Encoding.UTF8.GetString(row.Item!)
            );
            Assert.Equal(
                row.Arm == "with" ? word.AfterBos : word.WithoutBos,
                Encoding.UTF8.GetString(row.Top1!.Bytes)
            );
        }
    }

    [Fact]
    public void Old_gemma_files_are_loaded_as_if_they_said_no_and_every_row_says_so()
    {
        foreach (var trap in MiniatureTraps.GemmasWithoutSpacePrefixKey)
        {
            var path = MiniatureFiles.PathOf(trap);
            using var native = new NativeVocabulary(path);

            var run = Run(trap);

            Assert.True(native.AddsSpace);
            Assert.Equal(["space_prefix_forced"], run.File.Flags);
            Assert.All(run.Rows, row => Assert.Equal(["space_prefix_forced"], row.Flags));
        }
    }

    // llama.cpp falls back to its tokenizer kind's own idea of BOS, with a line in the log and no error.
    [Theory]
    [InlineData(
        "mini-gemma-bos-out-of-range",
        1,
        "bad special token: 'tokenizer.ggml.bos_token_id' = 262144, using default id 1"
    )]
    [InlineData("mini-gemma-no-bos-key", 1, null)]
    [InlineData(
        "mini-qwen3-bos-out-of-range",
        11,
        "bad special token: 'tokenizer.ggml.bos_token_id' = 151643, using default id 11"
    )]
    [InlineData("mini-qwen3-no-bos-key", 11, null)]
    [InlineData("mini-llama-no-bos-key", 11, null)]
    public void Where_llama_cpp_guesses_a_bos_there_is_none(string name, int guess, string? logged)
    {
        var path = MiniatureFiles.PathOf(Trap(name));
        using var native = new NativeVocabulary(path);

        var run = Run(Trap(name));

        Assert.Equal(guess, native.Bos);
        Assert.Equal((null, BosKind.None), (run.File.Facts.BosToken, run.File.Facts.BosKind));
        Assert.Equal(RowStatus.Ok, run.File.Status);
        Assert.Contains(logged ?? "", run.Log);
        Assert.DoesNotContain(run.Echoes, row => row.InputIds?.Contains(guess) == true);
    }

    private static MiniatureTrap Trap(string name) =>
        MiniatureTraps.All.Single(trap => trap.Name == name);

    // Each file is measured once; the tests look at it from different sides.
    private static FileRun Run(MiniatureTrap trap) =>
        s_runs.GetOrAdd(
            trap.Name,
            _ => FileRun.Of(MiniatureFiles.PathOf(trap), new Prompt("p", Text))
        );
}
