namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate positions</c> as its user starts it.</summary>
public sealed class PositionsRunTests : ProgramTests
{
    [Fact]
    public void Positions_writes_a_row_for_every_token_and_says_how_far_the_echo_lasts()
    {
        Miniatures.Gemma2.Write(Folder.At("m-F16.gguf"));
        Folder.Write(
            "story.txt",
            string.Concat(Enumerable.Repeat(" James Mary red run", 25)) + "\n"
        );

        var run = Measure("positions m-F16.gguf --text story.txt --window 80 --arithmetic both");

        var positions = run.Csv("positions");
        // The file's last line break is no token of the text.
        Assert.Equal(2 * 2 * 100, positions.Rows.Count);
        Assert.Equal(["exact", "library"], positions.Tell("arithmetic").Distinct());
        var rows = positions.Rows.Take(200).ToList();
        // The layer that looks for BOS slides, and sees 64 positions.
        Assert.Equal(
            Enumerable
                .Range(0, 80)
                .Concat(Enumerable.Range(0, 20))
                .SelectMany(
                    _ => (string[])["without", "with"],
                    (at, arm) => $"{arm} {at} {(arm == "with" && at + 1 < 64 ? 0 : 1)}"
                )
                .OrderByDescending(row => row.StartsWith("without")),
            rows.Tell("arm position echo")
        );
        Assert.Equal("' Mary'", rows[0]["next_piece"]);
        Assert.Equal(["", ""], new[] { rows[79]["next_id"], rows[99]["next_logprob_nat"] });
        Assert.Equal("'<bos>'", rows[100]["prefix_piece"]);
        var summary = run.Csv("positions-summary");
        Assert.Equal(2 * 2 * 11, summary.Rows.Count);
        Assert.Equal(
            ["80 16 16 1"],
            summary
                .Where("arithmetic=exact arm=with part=bin first_token=65")
                .Tell("last_token positions echoes rate")
        );
        Assert.Equal(2, run.Files.Rows.Count);
        Assert.Contains("| 5–8 ", run.Outcome.Out);
        Assert.Contains("As llama-perplexity", run.Outcome.Out);
        var report = File.ReadAllText(Folder.At("r/report.html"));
        Assert.Equal(2, System.Text.RegularExpressions.Regex.Count(report, "<svg"));
        Assert.Contains("| with | 65–80 | 16/16 | 1.000 |", run.Report);
    }

    // The figures are llama-perplexity's own; scripts/perplexity-figure makes them again.
    [Fact]
    public void Stories260K_has_the_perplexity_that_llama_perplexity_counts()
    {
        const string figure = "2.9836";
        var story = Path.Combine(Repository.Root, "tests/EchoRate.Cli.Tests/Looking/story.txt");

        var run = Measure($"positions {TrainedRun.Model()} --window 32", "--text", story);

        var row = Assert.Single(
            run.Csv("positions-summary").Rows,
            row => row["llama_perplexity"].Length > 0
        );
        Assert.Equal("with all", row.Tell("arm part"));
        Assert.Equal(figure, row.Number("llama_perplexity")!.Value.ToString("F4"));
        Assert.Contains($" {figure} |", run.Outcome.Out);
    }

    [Fact]
    public void A_text_on_the_command_line_may_be_one_token()
    {
        Miniatures.Gemma.Write(Folder.At("m-F16.gguf"));

        var run = Measure("positions m-F16.gguf --csv excel-eu", "--text", " James");

        Assert.Equal(["1 ", "0 "], run.Csv("positions").Tell("echo next_logprob_nat"));
        Assert.Equal([""], run.Csv("positions-summary").Tell("perplexity").Distinct());
    }
}
