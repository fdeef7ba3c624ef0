using EchoRate.Core.Tokens;
using EchoRate.Tests.Reports;

namespace EchoRate.Tests.Statistics;

public sealed class PositionSummaryTests
{
    [Fact]
    public void Tokens_are_counted_from_1_in_bins_that_double()
    {
        var rows = Summary(Rows("without", [70]), 128);

        Assert.Equal(
            [
                (PositionPart.Bin, 1, 1),
                (PositionPart.Bin, 2, 2),
                (PositionPart.Bin, 3, 3),
                (PositionPart.Bin, 4, 4),
                (PositionPart.Bin, 5, 8),
                (PositionPart.Bin, 9, 16),
                (PositionPart.Bin, 17, 32),
                (PositionPart.Bin, 33, 64),
                (PositionPart.Bin, 65, 70),
                (PositionPart.All, 1, 70),
                (PositionPart.Later, 17, 70),
            ],
            rows.Select(row => (row.Part, row.FirstToken, row.LastToken))
        );
        Assert.Equal([1, 1, 1, 1, 4, 8, 16, 32, 6, 70, 54], rows.Select(row => row.Positions));
        // Every third token echoes: 0, 3, 6 …
        Assert.Equal([1, 0, 0, 1, 1, 3, 5, 11, 2, 24, 18], rows.Select(row => row.Echoes));
        Assert.Equal((24 / 70.0, 70), (rows[9].Rate!.Value, rows[9].Measured));
        Assert.Equal(Wilson.Interval(24, 70), rows[9].Interval);
    }

    [Fact]
    public void Perplexity_is_the_exponential_of_the_mean_surprise_of_what_follows()
    {
        var measured = Rows("without", [20, 20, 7]);

        var rows = Summary(measured, 20);

        Assert.Equal(Perplexity(measured), rows.Single(Is(PositionPart.All)).Perplexity!.Value, 12);
        Assert.Equal(
            Perplexity(measured.Where(row => row.Position >= 16)),
            rows.Single(Is(PositionPart.Later)).Perplexity!.Value,
            12
        );
        Assert.Equal(44, rows.Single(Is(PositionPart.All)).Followed);
    }

    [Fact]
    public void A_short_text_has_no_later_tokens_and_one_token_no_perplexity()
    {
        var rows = Summary(Rows("without", [1]), 20);

        Assert.Equal([PositionPart.Bin, PositionPart.All], rows.Select(row => row.Part));
        Assert.Null(rows[1].Perplexity);
        Assert.Null(rows[1].LlamaPerplexity);
    }

    // llama-perplexity's own loops, over the text as it sees it.
    [Theory]
    [InlineData("with", BosKind.Native, 8, new[] { 8, 8, 8 })]
    [InlineData("with", BosKind.Native, 8, new[] { 8, 8, 7 })]
    [InlineData("with", BosKind.Native, 8, new[] { 8, 8, 6 })]
    [InlineData("with", BosKind.Native, 9, new[] { 9, 9, 1 })]
    [InlineData("without", BosKind.Declared, 8, new[] { 8, 8, 7 })]
    [InlineData("without", BosKind.None, 8, new[] { 8, 8, 8 })]
    [InlineData("without", BosKind.None, 9, new[] { 9, 9, 8 })]
    public void The_figure_of_llama_perplexity_is_that_of_its_own_loops(
        string arm,
        BosKind kind,
        int window,
        int[] windows
    )
    {
        var measured = Rows(arm, windows);
        var bos = kind == BosKind.Native;
        // A token of its text is BOS, or one of ours; what it gives the next one is known where both stand in one window of ours.
        List<PositionRow?> tokens = [.. bos ? [null] : Array.Empty<PositionRow?>(), .. measured];
        var (nll, count) = (0.0, 0);
        for (var chunk = 0; chunk < tokens.Count / window; chunk++)
        {
            for (var place = window / 2; place < window - 1; place++)
            {
                nll -= tokens[chunk * window + place]!.NextLogProb!.Value;
                count++;
            }
        }

        var rows = Summary(measured, window, kind);

        Assert.Equal(
            Math.Exp(nll / count),
            rows.Single(Is(PositionPart.All)).LlamaPerplexity!.Value,
            12
        );
    }

    [Theory]
    [InlineData("without", BosKind.Native, 8, new[] { 8, 8, 8 })]
    [InlineData("with", BosKind.Declared, 8, new[] { 8, 8, 8 })]
    [InlineData("with", BosKind.Native, 8, new[] { 8, 6 })]
    [InlineData("without", BosKind.None, 8, new[] { 8, 7 })]
    public void Another_arm_and_a_text_below_two_windows_have_no_such_figure(
        string arm,
        BosKind kind,
        int window,
        int[] windows
    ) =>
        Assert.All(
            Summary(Rows(arm, windows), window, kind),
            row => Assert.Null(row.LlamaPerplexity)
        );

    [Fact]
    public void What_was_not_measured_says_why()
    {
        var rows = Summary(
            [
                new PositionRow
                {
                    Window = 0,
                    Position = 0,
                    Arm = "with",
                    ItemSet = "t",
                    Status = RowStatus.NoBos,
                    Reason = "no BOS here",
                },
            ],
            8
        );

        Assert.All(
            rows,
            row =>
                Assert.Equal(
                    (RowStatus.NoBos, "no BOS here", 0L, null),
                    (row.Status, row.Reason, row.Measured, row.Rate)
                )
        );
    }

    private static Func<PositionSummaryRow, bool> Is(PositionPart part) => row => row.Part == part;

    private static double Perplexity(IEnumerable<PositionRow> rows) =>
        Math.Exp(-rows.Select(row => row.NextLogProb).OfType<double>().Average());

    private static List<PositionSummaryRow> Summary(
        IEnumerable<PositionRow> rows,
        int window,
        BosKind kind = BosKind.Native
    )
    {
        var summary = new PositionSummary(
            SampleRun.File with
            {
                Facts = SampleRun.File.Facts with { BosKind = kind },
            },
            window
        );
        foreach (var row in rows)
        {
            summary.Add(row);
        }
        return [.. summary.Rows()];
    }

    // Windows of so many tokens; every third token echoes, and each gives the next one another probability.
    private static List<PositionRow> Rows(string arm, int[] windows) =>
        [
            .. from window in windows.Index()
            from position in Enumerable.Range(0, window.Item)
            let isLast = position == window.Item - 1
            select new PositionRow
            {
                Window = window.Index,
                Position = position,
                Arm = arm,
                ItemSet = "t",
                Status = RowStatus.Ok,
                Echo = position % 3 == 0,
                EchoMargin = position % 3 == 0 ? 1 : -1,
                Next = isLast ? null : new TokenBytes(1, [1]),
                NextLogProb = isLast ? null : -1 - Math.Sin(window.Index * 31 + position),
            },
        ];
}
