namespace EchoRate.Cli.Tests.Running;

/// <summary>
/// Models of a manifest that name a column of the published table: cell by cell in the CSV files and on the terminal; and the arm <c>neutral</c>, which
/// tells "no BOS" from "first position".
/// </summary>
public sealed class PublishedRunTests(MiniatureRun run)
{
    public static TheoryData<string> Models => [.. MiniatureRun.Models.Keys];

    [Theory]
    [InlineData("gemma-7b", 27, "27 26", "1 0")]
    [InlineData("gpt-oss-120b", 18, "18 1", "1 0")]
    [InlineData("unpublished", 0, " ", " ")]
    public void Words_without_bos_have_the_cells_of_their_column_and_no_other_row_has_any(
        string model,
        int cells,
        string words,
        string prompt
    )
    {
        var rows = run.Run.Echo.Where("model=" + model);
        var compared = rows.Where(row => row["published_top1"].Length > 0).ToList();

        Assert.Equal(cells, compared.Count);
        Assert.All(
            compared,
            row =>
                Assert.Equal(
                    "without " + (row["published_top1"] == row["top1_piece"] ? 1 : 0),
                    row.Tell("arm published_match")
                )
        );
        Assert.All(
            rows.Except(compared),
            row => Assert.Equal("  ", row.Tell("published_match published_rank published_gap_nat"))
        );
        const string sums = "published_items published_matches";
        Assert.Equal(words, run.Summary(model, "without", "words").Tell(sums));
        Assert.Equal(prompt, run.Summary(model, "without", "published").Tell(sums));
    }

    [Fact]
    public void The_report_marks_every_cell_and_the_terminal_says_how_many_agree()
    {
        // Its words and its prompt.
        Assert.Contains(
            "26 of 28 cells agree with the published table's gemma-7b.",
            run.Outcome.Out
        );
        var report = run.Run.Report;
        Assert.Contains("1 of 19 cells agree with the published table's gpt-oss-120b.", report);
        Assert.Contains("| `' John'` =✓ |", report);
        Assert.Contains("| `' sad'` =✗ |", report);
        Assert.Contains("| `' through'` ✓ |", report);
        // The completions' table too.
        Assert.Contains("| gemma-7b F16 | `' to'` ✗ |", report);
    }

    // The miniature of Qwen3 has its document separator as BOS and as EOS: that is no neutral prefix.
    // It is BOS that stops the echo, not a first token of any kind: behind all others the answer is that without BOS.
    [Theory]
    [InlineData("gemma-7b", "'<eos>'")]
    [InlineData("gpt-oss-120b", "'<|return|>'")]
    [InlineData("unpublished", null)]
    public void Newline_eos_and_drawn_words_go_in_front_each_before_every_word(
        string model,
        string? eos
    )
    {
        var rows = run.Run.Echo.Where($"model={model} arm=neutral");
        var prefixes = rows.CountBy(row => row["prefix_piece"]).ToList();
        var answers = MiniatureRun
            .Models[model]
            .Words.ToDictionary(word => word.Text, word => word.WithoutBos);

        Assert.Equal(
            eos is null ? [@"'\n'"] : [@"'\n'", eos],
            prefixes.SkipLast(MiniatureRun.NeutralWords).Select(prefix => prefix.Key)
        );
        Assert.All(
            prefixes.TakeLast(MiniatureRun.NeutralWords),
            prefix => Assert.Matches(@"^' \p{L}+'$", prefix.Key)
        );
        Assert.All(prefixes, prefix => Assert.Equal(27, prefix.Value));
        Assert.All(
            rows,
            row =>
            {
                Assert.Equal(
                    $"ok [{row["prefix_id"]} {row["token_id"]}]",
                    row.Tell("status input_ids")
                );
                Assert.Equal(answers[row["item"]], row.HexText("top1_hex"));
            }
        );
    }

    // An item behind several prefixes is not several independent items: no interval, no test.
    [Theory]
    [InlineData("gemma-7b", 108, 108)]
    [InlineData("gpt-oss-120b", 108, 0)]
    [InlineData("unpublished", 81, 0)]
    public void The_rate_is_over_all_prefixes_and_infers_nothing(
        string model,
        int measured,
        int echoes
    )
    {
        Assert.Equal(
            $"{measured} {echoes}  ",
            run.Summary(model, "neutral", "words").Tell("measured hits rate_low rate_high")
        );
        Assert.NotEqual("", run.Summary(model, "without", "words")["rate_low"]);
        Assert.Equal(
            [$"{measured}  0 0"],
            run.Run.Compare.Where($"model={model} contrast=arm probe=echo b_arm=neutral")
                .Tell("items mcnemar_p lost gained")
        );
    }
}
