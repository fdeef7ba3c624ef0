namespace EchoRate.Cli.Tests.TrainedModel;

/// <summary>stories260K, a trained model with a vocabulary of 512: real input, run as its user would run it.</summary>
public sealed class TrainedModelTests(TrainedRun trained) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void It_runs_whole()
    {
        Assert.Equal(0, trained.Outcome.ExitCode);
        Assert.Equal(2 * 27, trained.Run.Echo.Rows.Count(row => row["item_set"] == "words"));
        // Its vocabulary has fewer words than sample:500 asks for: all are taken.
        Assert.InRange(trained.Run.Echo.Rows.Count(row => row["item_set"] == "sample:500"), 2, 998);
        Assert.Equal(2 * 61, trained.Run.Completion.Rows.Count);
        var file = Assert.Single(trained.Run.Files.Rows);
        Assert.Equal("stories260K", file["model"]);
        Assert.Equal("F32", file["quant"]);
        Assert.Equal("llama", file["architecture"]);
        Assert.Equal("native", file["bos_kind"]);
        Assert.Equal("512", file["vocab_size"]);
        Assert.Equal("0", file["constructed"]);
        Assert.Equal("ok", file["status"]);
    }

    [Fact]
    public void A_word_of_several_tokens_says_which()
    {
        var rows = trained.Run.Echo.Rows.Where(row => row["status"] == "not_single_token").ToList();

        Assert.InRange(rows.Count, 2 * 20, 2 * 27);
        Assert.All(
            rows,
            row =>
            {
                Assert.Matches(@"^\d+ tokens: \[\d+( \d+)+\]$", row["reason"]);
                Assert.Equal("", row["token_id"]);
                Assert.Equal("", row["echo"]);
                Assert.Equal("", row["input_ids"]);
                Assert.StartsWith(" ", row["item"]);
            }
        );
    }

    [Fact]
    public void It_goes_on_in_English()
    {
        string[] common = [.. "the was and to a store she he they so were".Split(' ')];
        foreach (
            var row in trained.Run.Completion.Rows.Where(row => row["prompt_set"] == "published")
        )
        {
            Assert.Equal(16, row.Ids("continuation_ids").Length);
            var words = row["continuation"]
                .ToLowerInvariant()
                .Split([' ', '.', ',', '\'', '\\'], StringSplitOptions.RemoveEmptyEntries);
            Assert.True(words.Count(common.Contains) >= 3, row["continuation"]);
            // ' Mary' is three tokens of this vocabulary: measured, outside the rate.
            Assert.Equal("ok", row["status"]);
            Assert.Equal("", row["hit"]);
            Assert.Contains("expected text is not a single token", row["reason"]);
        }
    }

    [Fact]
    public void Words_and_prompts_of_ones_own()
    {
        _folder.Write(
            "words.csv",
            "item,category\n happy,mood\n \U0001F600,strange\n\"'\\n'\",control\n'\\xff',half\n"
        );
        _folder.Write(
            "prompts.csv",
            "id,prompt,expected\nlily,Once upon a time,\", there\"\n7,She saw,\n"
        );

        var run = Run("--items", "words.csv", "--prompts", "prompts.csv", "--arms", "without");

        Assert.All(
            run.Echo.Rows.Concat(run.Completion.Rows),
            row => Assert.Equal("without", row["arm"])
        );
        Assert.Equal(
            [" happy", " \U0001F600", "'\\n'", "'\\xff'"],
            run.Echo.Rows.Select(row => row["item"])
        );
        Assert.Equal(
            ["mood", "strange", "control", "half"],
            run.Echo.Rows.Select(row => row["category"])
        );
        Assert.All(run.Echo.Rows, row => Assert.Equal("words.csv", row["item_set"]));
        Assert.Equal("ok", run.Echo.Rows[0]["status"]);
        Assert.Equal(["lily", "7"], run.Completion.Rows.Select(row => row["prompt_id"]));
        Assert.All(run.Completion.Rows, row => Assert.Equal("prompts.csv", row["prompt_set"]));
        Assert.All(run.Completion.Rows, row => Assert.Equal("ok", row["status"]));
        Assert.StartsWith(", there was", run.Completion.Rows[0]["continuation"]);
        Assert.Equal("", run.Completion.Rows[1]["expected"]);
    }

    [Fact]
    public void No_continuation_where_none_is_asked_for()
    {
        var run = Run("--continue-tokens", "0", "--prompts", "published");

        Assert.All(
            run.Completion.Rows,
            row =>
            {
                Assert.NotEqual("", row["next_id"]);
                Assert.Equal("", row["continuation"]);
                Assert.Equal("", row["continuation_ids"]);
                Assert.Equal("", row["stop"]);
            }
        );
    }

    private RunOnDisk Run(params string[] arguments)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            [
                .. $"run --file {TrainedRun.Model()} --threads 1 --out r".Split(' '),
                .. arguments.Contains("--csv") ? arguments : ["--csv", "data", .. arguments],
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return new RunOnDisk(_folder.At("r"));
    }

    public void Dispose() => _folder.Dispose();
}
