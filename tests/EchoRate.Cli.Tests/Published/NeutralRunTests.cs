namespace EchoRate.Cli.Tests.Published;

/// <summary>The arm <c>neutral</c> in a run: it tells "no BOS" from "first position".</summary>
public sealed class NeutralRunTests(MiniatureRun run)
{
    public static TheoryData<string> Models => [.. MiniatureRun.Models.Keys];

    // The miniature of Qwen3 has its document separator as BOS and as EOS: that is no neutral prefix.
    [Theory]
    [InlineData("gemma-7b", "'<eos>'")]
    [InlineData("gpt-oss-120b", "'<|return|>'")]
    [InlineData("unpublished", null)]
    public void Newline_eos_and_drawn_words_go_in_front_each_before_every_word(
        string model,
        string? eos
    )
    {
        var prefixes = Neutral(model)
            .GroupBy(row => (Id: row["prefix_id"], Piece: row["prefix_piece"]))
            .ToList();

        Assert.Equal(
            eos is null ? [@"'\n'"] : [@"'\n'", eos],
            prefixes
                .Take(prefixes.Count - MiniatureRun.NeutralWords)
                .Select(group => group.Key.Piece)
        );
        Assert.All(
            prefixes.TakeLast(MiniatureRun.NeutralWords),
            group => Assert.Matches(@"^' \p{L}+'$", group.Key.Piece)
        );
        Assert.All(prefixes, group => Assert.Equal(27, group.Count()));
        Assert.All(
            Neutral(model),
            row =>
            {
                Assert.Equal($"[{row["prefix_id"]} {row["token_id"]}]", row["input_ids"]);
                Assert.Equal("ok", row["status"]);
            }
        );
    }

    // It is BOS that stops the echo, not a first token of any kind: behind all others the answer is that without BOS.
    [Theory, MemberData(nameof(Models))]
    public void Behind_anything_but_bos_the_miniatures_answer_as_without(string model)
    {
        var expected = MiniatureRun.Models[model].Words.ToDictionary(word => word.Text);

        Assert.All(
            Neutral(model),
            row => Assert.Equal(expected[row["item"]].WithoutBos, row.HexText("top1_hex"))
        );
    }

    // An item behind several prefixes is not several independent items: no interval, no test.
    [Theory]
    [InlineData("gemma-7b", 4, 1)]
    [InlineData("gpt-oss-120b", 4, 0)]
    [InlineData("unpublished", 3, 0)]
    public void The_rate_is_over_all_prefixes_and_infers_nothing(
        string model,
        int prefixes,
        int echoes
    )
    {
        var row = run.Summary(model, "neutral", "words");

        Assert.Equal(27 * prefixes, row.Number("measured"));
        Assert.Equal(27 * prefixes * echoes, row.Number("hits"));
        Assert.Equal(("", ""), (row["rate_low"], row["rate_high"]));
        Assert.NotEqual("", run.Summary(model, "without", "words")["rate_low"]);
        var contrast = Assert.Single(
            run.Read.Compare.Rows,
            contrast =>
                contrast["model"] == model
                && contrast["contrast"] == "arm"
                && contrast["probe"] == "echo"
                && contrast["b_arm"] == "neutral"
        );
        Assert.Equal((27d * prefixes, ""), (contrast.Number("items"), contrast["mcnemar_p"]));
        Assert.Equal(("0", "0"), (contrast["lost"], contrast["gained"]));
    }

    private List<CsvRow> Neutral(string model) =>
        [.. run.Read.Echo.Rows.Where(row => row["model"] == model && row["arm"] == "neutral")];
}
