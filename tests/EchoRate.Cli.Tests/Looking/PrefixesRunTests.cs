namespace EchoRate.Cli.Tests.Looking;

/// <summary><c>echorate prefixes</c> as its user starts it.</summary>
public sealed class PrefixesRunTests : ProgramTests
{
    [Fact]
    public void Prefixes_ranks_them_and_says_that_it_is_bos()
    {
        Miniatures.Gemma3.Write(Folder.At("m-F16.gguf"));

        var run = Measure("prefixes m-F16.gguf --prefixes 12 --seed 3 --arithmetic both");

        var rows = run.Csv("prefixes").Where("arithmetic=exact");
        Assert.Equal(run.Csv("prefixes").Rows.Count, 2 * rows.Count);
        Assert.Equal(12 * 27, rows.Where("prefix_kind=ordinary").Count);
        Assert.Equal(27, rows.Where("prefix_kind=none").Count);
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(row["prefix_kind"] == "bos" ? "0" : "1", row["echo"]);
                Assert.Equal(
                    $"[{$"{row["prefix_id"]} {row["token_id"]}".TrimStart()}]",
                    row["input_ids"]
                );
            }
        );
        var ranked = run.Csv("prefixes-summary").Where("arithmetic=exact");
        Assert.Equal(
            Enumerable.Range(1, rows.Count / 27).Select(rank => $"{rank}"),
            ranked.Tell("rank")
        );
        Assert.Equal("bos 0 27", ranked[0].Tell("prefix_kind rate measured"));
        Assert.Contains(
            "words: 27/27 echo with nothing in front, 0/27 behind BOS, 100 % on average behind 12 ordinary tokens: it is BOS that ends the echo, not any first token (0 of 12 ordinary tokens do).",
            run.Outcome.Out
        );
        Assert.Contains("| '<bos>'", run.Outcome.Out);
        Assert.Contains("it is BOS that ends the echo", run.Report);
        Assert.Contains("| 1 | `'<bos>'` | bos | 0/27 | 0.000 |", run.Report);
    }
}
