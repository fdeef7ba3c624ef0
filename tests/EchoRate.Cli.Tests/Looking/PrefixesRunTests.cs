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

    [Fact]
    public void A_word_of_two_tokens_has_its_row_behind_every_prefix_and_a_file_may_lack_bos()
    {
        MiniatureTraps
            .All.First(trap => trap.BosKind == BosKind.None)
            .Write(Folder.At("m-F16.gguf"));
        Folder.Write("w.csv", "item\n James\n James Mary\n");

        var run = Measure("prefixes m-F16.gguf --items w.csv --prefixes 2");

        var rows = run.Csv("prefixes");
        Assert.DoesNotContain("bos", rows.Tell("prefix_kind"));
        Assert.Equal(
            Enumerable
                .Repeat((string[])["ok", "not_single_token"], rows.Rows.Count / 2)
                .SelectMany(two => two),
            rows.Tell("status")
        );
        Assert.Contains("(there is no BOS)", run.Outcome.Out);
    }
}
