namespace EchoRate.Cli.Tests.Published;

/// <summary>Models of a manifest that name a column of the published table: cell by cell in the CSV files and on the terminal.</summary>
public sealed class PublishedRunTests(MiniatureRun run)
{
    [Theory]
    [InlineData("gemma-7b", 27)]
    [InlineData("gpt-oss-120b", 18)]
    [InlineData("unpublished", 0)]
    public void Words_without_bos_have_the_cells_of_their_column_and_no_other_row_has_any(
        string model,
        int cells
    )
    {
        var rows = run.Read.Echo.Rows.Where(row => row["model"] == model).ToList();
        var compared = rows.Where(row => row["published_top1"].Length > 0).ToList();

        Assert.Equal(cells, compared.Count);
        Assert.All(compared, row => Assert.Equal("without", row["arm"]));
        Assert.All(
            compared,
            row =>
                Assert.Equal(
                    row["published_top1"] == row["top1_piece"] ? "1" : "0",
                    row["published_match"]
                )
        );
        Assert.All(
            rows.Except(compared),
            row =>
                Assert.Equal(
                    ("", "", ""),
                    (row["published_match"], row["published_rank"], row["published_gap_nat"])
                )
        );
    }

    [Theory]
    [InlineData("gemma-7b", "words", "27", "26")]
    [InlineData("gpt-oss-120b", "words", "18", "1")]
    [InlineData("gemma-7b", "published", "1", "0")]
    [InlineData("gpt-oss-120b", "published", "1", "0")]
    [InlineData("unpublished", "words", "", "")]
    public void The_summary_adds_them_up(string model, string set, string items, string matches)
    {
        var row = run.Summary(model, "without", set);

        Assert.Equal((items, matches), (row["published_items"], row["published_matches"]));
    }

    [Fact]
    public void The_terminal_marks_every_cell_and_says_how_many_agree()
    {
        Assert.Contains("| ' John' =✓ ", run.Out);
        Assert.Contains("| ' sad' =✗ ", run.Out);
        Assert.Contains("| ' through' ✓ ", run.Out);
        Assert.Contains("gemma-7b F16: 26 of 27 cells agree with the published table", run.Out);
        Assert.Contains("gpt-oss-120b F16: 1 of 18 cells agree with the published table", run.Out);
        Assert.DoesNotContain("unpublished F16: ", run.Out);
        // The completions' table too.
        Assert.Contains("| gemma-7b F16     | without BOS | ' to' ✗ ", run.Out);
        Assert.Contains("| gemma-7b F16     | with BOS    | ' the' ", run.Out);
    }
}
