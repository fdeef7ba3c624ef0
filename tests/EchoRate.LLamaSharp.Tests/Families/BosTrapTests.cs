using EchoRate.LLamaSharp.Tests.Header;

namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>Files that would put something else in than the arm says, if the library or the file decided.</summary>
public sealed class BosTrapTests
{
    public static TheoryData<string> Traps => [.. MiniatureTraps.All.Select(trap => trap.Name)];

    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    [Theory, MemberData(nameof(Traps))]
    public void Words_and_prompts_go_in_alone_and_behind_bos_with_nothing_else_and_are_answered_as_in_the_miniature(
        string name
    )
    {
        var trap = MiniatureTraps.All.Single(trap => trap.Name == name);
        var (vocabulary, hasBos) = (trap.Of.Vocabulary(), trap.BosKind != BosKind.None);
        using var native = new NativeVocabulary(MiniatureFiles.PathOf(trap));
        using var file = OpenFile.Open(MiniatureFiles.PathOf(trap));
        int[] prompt =
        [
            .. new[] { "When", " John", " went", " to", " the", " store" }.Select(vocabulary.Id),
        ];

        var words = file.Context.Words();
        var prompts = file.Context.Complete(Prompts("When John went to the store"));

        Assert.Equal(
            (trap.AddsBos, native.AddsBos, native.AddsSpace),
            (file.Tokenizer.AddsBos, file.Tokenizer.AddsBos, file.Tokenizer.AddsSpacePrefix)
        );
        Assert.Equal(
            (trap.BosKind, hasBos ? vocabulary.BosId : null),
            (file.Context.Facts.BosKind, (int?)file.Context.Facts.BosToken)
        );
        Assert.Equal(
            [prompt, hasBos ? [vocabulary.BosId, .. prompt] : null],
            prompts.Select(row => row.InputIds)
        );
        Assert.Equal(2 * trap.Of.Words.Count, words.Count);
        Assert.All(
            trap.Of.Words.Concat(trap.Of.Words).Zip(words),
            pair =>
            {
                var (word, row) = pair;
                var isBehind = row.Arm == "with";
                int[] alone = [vocabulary.Id(word.Text)];
                if (isBehind && !hasBos)
                {
                    Assert.Equal((RowStatus.NoBos, null), (row.Status, row.InputIds));
                    return;
                }
                Assert.Equal(isBehind ? [vocabulary.BosId, .. alone] : alone, row.InputIds);
                Assert.Equal(
                    (RowStatus.Ok, isBehind ? word.AfterBos : word.WithoutBos),
                    (row.Status, row.Top1!.Bytes.Text())
                );
            }
        );
        // Old Gemma files are loaded as if they said no, and every row says so.
        if (MiniatureTraps.GemmasWithoutSpacePrefixKey.Contains(trap))
        {
            Assert.True(native.AddsSpace);
            Assert.All(
                words.Concat<MeasuredRow>(prompts),
                row => Assert.Equal(["space_prefix_forced"], row.Flags)
            );
        }
    }

    // llama.cpp falls back to its tokenizer kind's own idea of BOS, with a line in the log and no error.
    [Theory]
    [InlineData(
        "mini-gemma-bos-out-of-range",
        1,
        "bad special token: 'tokenizer.ggml.bos_token_id' = 262144, using default id 1"
    )]
    [InlineData("mini-gemma-no-bos-key", 1, "")]
    [InlineData(
        "mini-qwen3-bos-out-of-range",
        11,
        "bad special token: 'tokenizer.ggml.bos_token_id' = 151643, using default id 11"
    )]
    [InlineData("mini-qwen3-no-bos-key", 11, "")]
    [InlineData("mini-llama-no-bos-key", 11, "")]
    public void Where_llama_cpp_guesses_a_bos_there_is_none(string name, int guess, string logged)
    {
        var path = MiniatureFiles.PathOf(MiniatureTraps.All.Single(trap => trap.Name == name));
        var log = new List<string>();
        using var native = new NativeVocabulary(path);
        using var file = OpenFile.Open(path, with: options => options with { Log = log.Add });

        Assert.Equal(guess, native.Bos);
        Assert.Null(file.Context.Facts.BosToken);
        Assert.Contains(logged, string.Join('\n', log));
        Assert.DoesNotContain(file.Context.Words(), row => row.InputIds?.Contains(guess) == true);
    }

    // A prompt that begins with the text of the BOS token is text like any other.
    [Theory, MemberData(nameof(Names))]
    public void Bos_goes_in_once_behind_the_arm_that_puts_it_there(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        using var file = OpenFile.Open(MiniatureFiles.PathOf(miniature));

        var rows = file.Context.Complete(
            Prompts(vocabulary.Tokens[vocabulary.BosId].Text + "When John")
        );

        Assert.Equal([0, 1], rows.Select(row => row.InputIds!.Count(id => id == vocabulary.BosId)));
    }

    // llama.cpp reads user-defined tokens in any text, even where it is told to read no special ones (llama_tokenize, parse_special).
    // The ids in the row tell.
    [Fact]
    public void A_file_that_marks_bos_as_user_defined_is_found_out_by_the_ids()
    {
        var bos = Miniatures.Gemma.Vocabulary().BosId;
        using var file = OpenFile.Open(
            MiniatureFiles.PathOf(MiniatureTraps.GemmaWithUserDefinedBos)
        );

        var rows = file.Context.Complete(Prompts("<bos>When John"));

        Assert.Equal([1, 2], rows.Select(row => row.InputIds!.Count(id => id == bos)));
        Assert.All(rows, row => Assert.Contains(RowFlags.BosInText, row.Flags));
    }
}
