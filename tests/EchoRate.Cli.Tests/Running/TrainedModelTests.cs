namespace EchoRate.Cli.Tests.Running;

/// <summary>stories260K, a trained model with a vocabulary of 512: real input, run as its user would run it. And people's own items.</summary>
public sealed class TrainedModelTests(DemoRun demo, TrainedRun trained) : ProgramTests
{
    [Fact]
    public void It_runs_whole()
    {
        Assert.Equal(2 * 27, trained.Run.Echo.Where("item_set=words").Count);
        // Its vocabulary has fewer words than sample:500 asks for: all are taken.
        Assert.InRange(trained.Run.Echo.Where("item_set=sample:500").Count, 2, 998);
        Assert.Equal(2 * 61, trained.Run.Completion.Rows.Count);
        Assert.Equal(
            ["stories260K F32 llama native 512 0 ok"],
            trained.Run.Files.Tell(
                "model quant architecture bos_kind vocab_size constructed status"
            )
        );
    }

    [Fact]
    public void A_word_of_several_tokens_says_which()
    {
        var rows = trained.Run.Echo.Where("status=not_single_token");

        Assert.InRange(rows.Count, 2 * 20, 2 * 27);
        Assert.All(
            rows,
            row =>
            {
                Assert.Matches(@"^\d+ tokens: \[\d+( \d+)+\]$", row["reason"]);
                Assert.Equal("  ", row.Tell("token_id echo input_ids"));
                Assert.StartsWith(" ", row["item"]);
            }
        );
    }

    [Fact]
    public void It_goes_on_in_English()
    {
        string[] common = [.. "the was and to a store she he they so were".Split(' ')];
        foreach (var row in trained.Run.Completion.Where("prompt_set=published"))
        {
            Assert.Equal(16, row.Ids("continuation_ids").Length);
            var words = row["continuation"]
                .ToLowerInvariant()
                .Split([' ', '.', ',', '\'', '\\'], StringSplitOptions.RemoveEmptyEntries);
            Assert.True(words.Count(common.Contains) >= 3, row["continuation"]);
            // ' Mary' is three tokens of this vocabulary: measured, outside the rate.
            Assert.Equal("ok ", row.Tell("status hit"));
            Assert.Contains("expected text is not a single token", row["reason"]);
        }
    }

    [Fact]
    public void Words_and_prompts_of_ones_own()
    {
        Folder.Write(
            "words.csv",
            "item,category\n happy,mood\n \U0001F600,strange\n\"'\\n'\",control\n'\\xff',half\n"
        );
        Folder.Write(
            "prompts.csv",
            "id,prompt,expected\nlily,Once upon a time,\", there\"\n7,She saw,\n"
        );
        var words =
            $"run --file {TrainedRun.Model()} --items words.csv --prompts prompts.csv --arms without";

        var run = Measure(words);
        var short0 = Measure(words + " --continue-tokens 0 --out r0");

        Assert.Equal(
            [
                "without words.csv  happy mood",
                "without words.csv  \U0001F600 strange",
                "without words.csv '\\n' control",
                "without words.csv '\\xff' half",
            ],
            run.Echo.Tell("arm item_set item category")
        );
        Assert.Equal("ok", run.Echo.Rows[0]["status"]);
        Assert.Equal(
            ["without prompts.csv lily ok , there", "without prompts.csv 7 ok "],
            run.Completion.Tell("arm prompt_set prompt_id status expected")
        );
        Assert.StartsWith(", there was", run.Completion.Rows[0]["continuation"]);
        Assert.Equal(run.Completion.Tell("next_id"), short0.Completion.Tell("next_id"));
        Assert.All(
            short0.Completion.Rows,
            row => Assert.Equal("  ", row.Tell("continuation continuation_ids stop"))
        );
    }

    [Fact]
    public void Cells_that_Excel_would_cut_are_counted_and_said()
    {
        var chapter = new string('x', 32_767 + 1);
        Folder.Write("p.csv", $"id,prompt,expected\n{chapter}, John, Mary\n2, John, Mary\n");
        var words =
            $"run --file {demo.Model("demo-echo-Q8_0")} --items words --prompts p.csv --continue-tokens 0 --no-check ";

        var excel = Measure(words + "--csv excel --out excel");
        var data = Measure(words + "--csv data --out data");

        Assert.Contains(
            excel.Outcome.ErrorLines,
            line =>
                line.StartsWith(
                    "Warning: completion.csv has cells longer than the 32,767 characters that Excel keeps (2 of prompt_id"
                ) && line.EndsWith("best with --csv data")
        );
        Assert.Contains(
            "\"column\": \"prompt_id\",\n      \"count\": 2",
            excel.Info.ToString().ReplaceLineEndings("\n")
        );
        Assert.DoesNotContain("longer than", data.Outcome.Error);
        Assert.Contains(chapter, data.Completion.Tell("prompt_id"));
    }
}
