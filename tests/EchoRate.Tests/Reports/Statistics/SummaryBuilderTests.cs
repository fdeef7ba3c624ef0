namespace EchoRate.Tests.Reports.Statistics;

public sealed class SummaryBuilderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Figures_are_those_of_plain_loops(int seed)
    {
        var random = new Random(seed);
        var rows = Enumerable.Range(0, 400 + seed).Select(index => Any(random, index)).ToList();
        var builder = new SummaryBuilder();
        rows.ForEach(builder.Add);
        foreach (var summary in builder.Build(SampleRun.File))
        {
            var group = rows.Where(row => row.Arm == summary.Arm && row.ItemSet == summary.Set)
                .ToList();
            var measured = group.Where(row => row.Status == RowStatus.Ok).ToList();
            var ranks = measured.Select(row => row.TokenRank!.Value).Order().ToList();
            Assert.Equal("echo", summary.Probe);
            Assert.Equal(group.Count, summary.Items);
            Assert.Equal(measured.Count, summary.Measured);
            Assert.Equal(measured.Count(row => row.Echo == true), summary.Hits);
            Assert.Equal((double)summary.Hits / summary.Measured, summary.Rate);
            Assert.Equal(measured.Count(row => row.NearTie == true), summary.NearTies);
            Assert.Equal(
                (ranks[(ranks.Count - 1) / 2] + ranks[ranks.Count / 2]) / 2.0,
                summary.MedianRank
            );
            Assert.Equal(
                measured.Average(row => row.TokenLogProb!.Value),
                summary.MeanLogProb!.Value,
                1e-12
            );
            Assert.Equal(
                measured.Average(row => row.EchoMargin!.Value),
                summary.MeanMargin!.Value,
                1e-12
            );
            Assert.Equal(
                measured.Average(row => row.Entropy!.Value),
                summary.MeanEntropy!.Value,
                1e-12
            );
            Assert.Equal(RowStatus.Ok, summary.Status);
            if (summary.Set == "all")
            {
                Assert.Null(summary.RateLow);
                Assert.Null(summary.RateHigh);
            }
            else
            {
                Assert.Equal(
                    Wilson.Interval(summary.Hits, summary.Measured)!.Value.Low,
                    summary.RateLow
                );
                Assert.Equal(
                    Wilson.Interval(summary.Hits, summary.Measured)!.Value.High,
                    summary.RateHigh
                );
            }
        }
    }

    [Fact]
    public void Rows_that_were_not_measured_count_as_items_only()
    {
        var summary = Single(
            Row("words", "with") with
            {
                Flags = ["space_prefix_forced"],
            },
            Row("words", "with") with
            {
                Status = RowStatus.NotSingleToken,
                Echo = null,
                Reason = "2 tokens: [7 8]",
            },
            Row("words", "with") with
            {
                Status = RowStatus.Nonfinite,
                Echo = null,
            },
            Row("words", "with") with
            {
                Status = RowStatus.Nonfinite,
                Echo = null,
                Flags = ["space_prefix_forced", "gpu_not_used"],
            }
        );
        Assert.Equal((4, 1, 1), (summary.Items, summary.Measured, summary.Hits));
        Assert.Equal(RowStatus.Ok, summary.Status);
        Assert.Equal("1 not a single token; 2 with NaN or infinity", summary.Reason);
        Assert.Equal(["space_prefix_forced", "gpu_not_used"], summary.Flags);
    }

    [Fact]
    public void Where_nothing_was_measured_the_figures_are_absent()
    {
        var summary = Single(
            Row("words", "with") with
            {
                Status = RowStatus.NoBos,
                Echo = null,
                TokenRank = null,
            },
            Row("words", "with") with
            {
                Status = RowStatus.Failed,
                Echo = null,
                TokenRank = null,
            }
        );
        Assert.Equal((2, 0, 0), (summary.Items, summary.Measured, summary.Hits));
        Assert.Null(summary.Rate);
        Assert.Null(summary.RateLow);
        Assert.Null(summary.MedianRank);
        Assert.Null(summary.MeanLogProb);
        Assert.Equal(RowStatus.Failed, summary.Status);
    }

    [Fact]
    public void A_prompt_without_a_single_expected_token_is_outside_the_rate()
    {
        var hit = SampleRun.Completions[0];
        var summary = Single(
            hit,
            hit with
            {
                Hit = null,
                ExpectedId = null,
                ExpectedRank = null,
                PublishedMatch = null,
            }
        );
        Assert.Equal((2, 1, 1), (summary.Items, summary.Measured, summary.Hits));
        Assert.Equal("1 outside the rate (no single expected token)", summary.Reason);
    }

    [Fact]
    public void Published_cells_are_counted_in_the_arm_that_they_belong_to()
    {
        var met = Row("words", "without") with { PublishedMatch = true };
        var summary = Single(
            met,
            met with
            {
                PublishedMatch = false,
            },
            met with
            {
                PublishedMatch = null,
            }
        );
        Assert.Equal((2, 1), (summary.PublishedItems, summary.PublishedMatches));
        Assert.Null(Single(met with { Arm = "with" }).PublishedItems);
        var builder = new SummaryBuilder();
        builder.Add(met);
        Assert.Null(builder.Build(SampleRun.Missing)[0].PublishedItems);
    }

    [Fact]
    public void Several_prefixes_have_a_rate_and_no_interval()
    {
        var one = Row("words", "neutral") with { Prefix = SampleRun.Token(5, "\n") };
        Assert.NotNull(Single(one, one).RateLow);
        var two = Single(one, one with { Prefix = SampleRun.Token(6, " the") });
        Assert.Equal(1, two.Rate);
        Assert.Null(two.RateLow);
        Assert.Equal("2 prefixes, so no interval", two.Reason);
    }

    private static SummaryRow Single(params MeasuredRow[] rows)
    {
        var builder = new SummaryBuilder();
        Array.ForEach(rows, builder.Add);
        return Assert.Single(builder.Build(SampleRun.File));
    }

    private static EchoRow Row(string set, string arm) =>
        new()
        {
            Arm = arm,
            ItemSet = set,
            Item = " John"u8.ToArray(),
            Echo = true,
            TokenRank = 1,
            Status = RowStatus.Ok,
        };

    private static EchoRow Any(Random random, int index) =>
        Row(index % 3 == 0 ? "all" : "words", random.Next(2) == 0 ? "with" : "without") with
        {
            Echo = random.Next(3) > 0,
            TokenRank = random.Next(1, 1000),
            TokenLogProb = -random.NextDouble() * 20,
            EchoMargin = random.NextDouble() - 0.5,
            Entropy = random.NextDouble() * 5,
            NearTie = random.Next(9) == 0,
            Status = random.Next(10) == 0 ? RowStatus.Nonfinite : RowStatus.Ok,
        };
}
