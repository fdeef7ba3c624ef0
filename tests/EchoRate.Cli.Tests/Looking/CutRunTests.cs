using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate cut</c> as its user starts it.</summary>
public sealed class CutRunTests : ProgramTests
{
    public CutRunTests() => Miniatures.Gemma2.Write(Folder.At("m-F16.gguf"));

    [Fact]
    public void Cut_writes_rows_and_their_summary_and_says_which_layer_decides()
    {
        var run = Measure("cut m-F16.gguf --heads --prompts ioi --arithmetic both");

        var cut = run.Csv("cut");
        var words = cut.Where("item_set=words");
        Assert.Equal(["exact with", "library with"], words.Tell("arithmetic arm").Distinct());
        // 10 cuts of layers, and of 2 layers 4 heads, each alone and each spared.
        Assert.Equal(2 * 27 * (10 + 16), words.Count);
        Assert.Equal(
            "none all from from upto upto only only all_but all_but",
            string.Join(' ', words.Skip(26).Take(10).Tell("cut"))
        );
        Assert.Equal(
            ["1"],
            words
                .Where("cut=only layer=0")
                .Where(row => row["head"] is "" or "0")
                .Tell("echo")
                .Distinct()
        );
        var prompts = cut.Where("item_set=ioi");
        Assert.All(prompts, row => Assert.NotEqual("", row["expected"]));

        var summary = run.Csv("cut-summary");
        var best = summary.Where("cut=all_but layer=0")[0];
        Assert.Equal("27 0 27 27 1", best.Tell("measured echoes changed decides decides_rank"));
        Assert.True(best.Number("echo_rate_high") is > 0.1 and < 0.15);
        Assert.Equal(
            prompts.Where("cut=all hit=1").Count / 2,
            summary.Where("item_set=ioi cut=all")[0].Number("hits")
        );
        Assert.Contains(
            "m F16 (cpu-exact), words, with BOS: 0/27 echo; 27/27 where the last position is cut off in every layer. Layer 0 decides most: 0/27 where it alone is not cut, 27/27 where it alone is.",
            run.Outcome.Out
        );
        Assert.Contains("| Layer | Head | Only here | All but here |", run.Outcome.Out);
        var report = File.ReadAllText(Folder.At("r/report.html"));
        // Of two arithmetics words and prompts.
        Assert.Equal(4, Regex.Count(report, "<svg"));
        Assert.Contains("Layer 0 decides most: 0/27 where it alone is not cut", report);
        Assert.Contains("Only here, layer 0: 27/27", report);
    }

    [Fact]
    public void A_layer_that_the_file_lacks_is_a_reason_and_exit_code_5()
    {
        var run = Measure(5, "cut m-F16.gguf --layers 1,7");

        const string reason = "layer 7 of --layers is not in this model; its layers are 0 to 1";
        Assert.Equal(["failed " + reason], run.Csv("cut").Tell("status reason").Distinct());
        Assert.Equal(["failed  " + reason], run.Csv("cut-summary").Tell("status cut reason"));
        Assert.Equal("", run.Outcome.Out);
    }
}
