namespace EchoRate.LLamaSharp.Tests.Families;

/// <summary>A prompt that begins with the text of the BOS token is text like any other.</summary>
public sealed class BosTextTests
{
    public static TheoryData<string> Names =>
        [.. Miniatures.All.Select(miniature => miniature.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Bos_goes_in_once_behind_the_arm_that_puts_it_there(string name)
    {
        var miniature = MiniatureFiles.Get(name);
        var vocabulary = miniature.Vocabulary();
        var text = vocabulary.Tokens[vocabulary.BosId].Text + "When John";

        var rows = FileRun.Of(MiniatureFiles.PathOf(miniature), new Prompt("p", text)).Completions;

        Assert.Equal([0, 1], rows.Select(row => row.InputIds!.Count(id => id == vocabulary.BosId)));
    }

    // llama.cpp reads user-defined tokens in any text, even where it is told to read no special ones (llama_tokenize, parse_special).
    // The ids in the row tell.
    [Fact]
    public void A_file_that_marks_bos_as_user_defined_is_found_out_by_the_ids()
    {
        var bos = Miniatures.Gemma.Vocabulary().BosId;

        var rows = FileRun
            .Of(
                MiniatureFiles.PathOf(MiniatureTraps.GemmaWithUserDefinedBos),
                new Prompt("p", "<bos>When John")
            )
            .Completions;

        Assert.Equal([1, 2], rows.Select(row => row.InputIds!.Count(id => id == bos)));
        Assert.All(rows, row => Assert.Contains(RowFlags.BosInText, row.Flags));
    }
}
