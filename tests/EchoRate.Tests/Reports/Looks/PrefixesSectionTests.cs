using EchoRate.Core.Tokens;
using EchoRate.Reports.Looks;
using EchoRate.Reports.Page;

namespace EchoRate.Tests.Reports.Looks;

public sealed class PrefixesSectionTests
{
    [Theory]
    [InlineData(10, 0, 0, 10, "it is BOS that ends the echo, not any first token (0 of 10")]
    [InlineData(10, 0, 10, 10, "any first token ends the echo, BOS among them (10 of 10")]
    [InlineData(10, 0, 5, 10, "BOS ends the echo, and so do 5 of 10 ordinary tokens.")]
    [InlineData(10, 9, 0, 10, "neither BOS nor any first token ends the echo (0 of 10")]
    [InlineData(10, 9, 5, 10, "5 of 10 ordinary tokens end the echo, and BOS does not.")]
    [InlineData(
        10,
        null,
        5,
        10,
        "(there is no BOS), 50 % on average behind 10 ordinary tokens: 5 of 10 ordinary tokens end"
    )]
    [InlineData(10, 0, 0, 0, "BOS ends the echo.")]
    [InlineData(10, 9, 0, 0, "BOS does not end the echo.")]
    [InlineData(10, null, 0, 0, "no first token was tried.")]
    [InlineData(0, 0, 0, 10, "there is no echo to end.")]
    [InlineData(0, 7, 0, 10, "there is no echo to end, and BOS makes one.")]
    public void One_sentence_says_whether_it_is_bos(
        int nothing,
        int? bos,
        int enders,
        int ordinary,
        string expected
    )
    {
        var summary = new PrefixSummary(SampleRun.File);
        Add(summary, PrefixKind.None, null, nothing);
        if (bos is { } echoes)
        {
            Add(summary, PrefixKind.Bos, 1, echoes);
        }
        for (var id = 0; id < ordinary; id++)
        {
            Add(summary, PrefixKind.Ordinary, 100 + id, id < enders ? 0 : nothing);
        }

        var sentence = PrefixesSection.Sentence(summary.Rows());

        Assert.Contains(expected, sentence);
        Assert.StartsWith($"{nothing}/10 echo with nothing in front", sentence);
    }

    [Fact]
    public void Prefixes_are_ranked_by_what_they_leave_and_then_by_the_margin()
    {
        var summary = new PrefixSummary(SampleRun.File);
        Add(summary, PrefixKind.None, null, 10);
        Add(summary, PrefixKind.Special, 5, 2);
        Add(summary, PrefixKind.Ordinary, 7, 2, margin: -3);
        Add(summary, PrefixKind.Ordinary, 8, null);

        var rows = summary.Rows();

        Assert.Equal([7, 5, null, 8], rows.Select(row => row.Prefix?.Id));
        Assert.Equal([1, 2, 3, null], rows.Select(row => row.Rank));
        Assert.Equal([0.2, 0.2, 1.0, null], rows.Select(row => row.Rate));
        Assert.Equal([-3.0, -1.0, 1.0, null], rows.Select(row => row.MedianMargin));
        Assert.Equal(Wilson.Interval(2, 10), rows[0].Interval);
        Assert.Equal((10, 0), (rows[3].Items, rows[3].Measured));
        Assert.Equal(RowStatus.Nonfinite, rows[3].Status);
        var section = PrefixesSection.Of([("m Q8_0", rows)])!;
        Assert.StartsWith(
            "m Q8_0, words: 10/10 echo with nothing in front",
            Assert.IsType<Lines>(section.Blocks[0]).Items[0]
        );
        Assert.Equal(
            ["3", "(nothing)", "none", "10/10", "1.000", "1.00"],
            Assert.IsType<DataTable>(section.Blocks[1]).Rows[2].Select(cell => cell.Text)
        );
    }

    [Fact]
    public void Nothing_measured_is_no_table()
    {
        var summary = new PrefixSummary(SampleRun.File);
        Add(summary, PrefixKind.None, null, null);

        Assert.Null(PrefixesSection.Of([("m", summary.Rows())]));
    }

    // Ten words behind a prefix; so many echo, or null where none could be measured.
    private static void Add(
        PrefixSummary summary,
        PrefixKind kind,
        int? prefix,
        int? echoes,
        double margin = -1
    )
    {
        for (var word = 0; word < 10; word++)
        {
            summary.Add(
                new PrefixRow
                {
                    Arm = "neutral",
                    ItemSet = "words",
                    PrefixKind = kind,
                    Prefix = prefix is { } id ? new TokenBytes(id, [65]) : null,
                    Status = echoes is null ? RowStatus.Nonfinite : RowStatus.Ok,
                    Echo = echoes is null ? null : word < echoes,
                    EchoMargin =
                        echoes is null ? null
                        : word < echoes ? 1
                        : margin,
                }
            );
        }
    }
}
