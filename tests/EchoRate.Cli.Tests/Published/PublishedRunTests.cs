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
    public void The_report_marks_every_cell_and_the_terminal_says_how_many_agree()
    {
        // Its words and its prompt.
        Assert.Contains("26 of 28 cells agree with the published table's gemma-7b.", run.Out);
        var report = File.ReadAllText(Path.Combine(run.Read.Path, "report.md"));
        Assert.Contains("1 of 19 cells agree with the published table's gpt-oss-120b.", report);
        Assert.Contains("| `' John'` =✓ |", report);
        Assert.Contains("| `' sad'` =✗ |", report);
        Assert.Contains("| `' through'` ✓ |", report);
        // The completions' table too.
        Assert.Contains("| gemma-7b F16 | `' to'` ✗ |", report);
    }
}
