using EchoRate.Cli.Tests.Fixtures;

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

    [Fact]
    public void A_miss_says_how_near_it_is_where_the_vocabulary_has_the_published_token()
    {
        var rows = run
            .Read.Echo.Rows.Where(row => row["model"] == "gpt-oss-120b" && row["arm"] == "without")
            .ToDictionary(row => row["item"]);

        var (hit, miss, unknown) = (rows[" walk"], rows[" Mary"], rows[" John"]);
        Assert.Equal(("1", "1", 0d), (hit["published_match"], hit["published_rank"], Gap(hit)));
        Assert.Equal(("','", "0"), (miss["published_top1"], miss["published_match"]));
        Assert.True(int.Parse(miss["published_rank"]) > 1);
        Assert.True(Gap(miss) > 0);
        // The miniature's vocabulary has no ' Doe'.
        Assert.Equal(
            ("' Doe'", "0", "", ""),
            (
                unknown["published_top1"],
                unknown["published_match"],
                unknown["published_rank"],
                unknown["published_gap_nat"]
            )
        );
    }

    [Theory]
    [InlineData("gemma-7b", "'writeHead'")]
    [InlineData("gpt-oss-120b", "' Mary'")]
    public void The_published_prompt_without_bos_has_the_published_completion(
        string model,
        string cell
    )
    {
        var rows = run.Read.Completion.Rows.Where(row => row["model"] == model).ToList();

        var compared = Assert.Single(rows, row => row["published_next"].Length > 0);
        Assert.Equal(
            ("without", "published", cell, "0"),
            (
                compared["arm"],
                compared["prompt_set"],
                compared["published_next"],
                compared["published_match"]
            )
        );
        Assert.All(
            rows.Where(row => row != compared),
            row => Assert.Equal("", row["published_match"])
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

    private static double? Gap(CsvRow row) => row.Number("published_gap_nat");
}
