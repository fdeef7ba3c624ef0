namespace EchoRate.Tests.Core;

public sealed class BatchPlanTests
{
    [Theory]
    [InlineData(0, 256, 0)]
    [InlineData(27, 256, 32)]
    [InlineData(256, 256, 256)]
    [InlineData(257, 256, 256)]
    [InlineData(500, 256, 256)]
    [InlineData(5, 1, 1)]
    public void Batches_are_wide_and_a_multiple_of_16(int rows, int sequences, int width) =>
        Assert.Equal(width, BatchPlan.Width(rows, sequences));

    [Fact]
    public void Groups_cover_all_prompts_in_order_and_keep_to_the_limits()
    {
        var random = new Random(7);
        for (var i = 0; i < 200; i++)
        {
            var prompts = PromptTreeTests.Prompts(random, random.Next(0, 40));
            var (sequences, budget) = (random.Next(1, 9), random.Next(1, 60));
            var continuation = random.Next(0, 4);

            var groups = Groups(prompts, continuation, sequences, budget);

            var next = 0;
            foreach (var group in groups)
            {
                Assert.Equal(next, group.Start.Value);
                next = group.End.Value;
                var rows = prompts[group];
                Assert.InRange(rows.Length, 1, sequences);
                var cells = PromptTreeTests.DistinctBeginnings(rows) + continuation * rows.Length;
                Assert.True(cells <= budget || rows.Length == 1);
            }
            Assert.Equal(prompts.Length, next);
        }
    }

    [Fact]
    public void Prompts_that_share_a_beginning_share_a_group()
    {
        int[][] prompts =
        [
            [1, 2, 3, 4],
            [1, 2, 3, 5],
            [1, 2, 6],
            [7, 7, 7, 7],
        ];

        // 4 + 1 + 1 tokens, and 3 of a continuation for each of two: a third finds no room.
        Assert.Equal([0..3, 3..4], Groups(prompts, 0, 8, 6));
        Assert.Equal([0..2, 2..4], Groups(prompts, 3, 8, 13));
    }

    [Theory]
    [InlineData(long.MaxValue, 262_144, 256, 256)]
    // Twice 256 rows of 1 MiB.
    [InlineData(512L << 20, 262_144, 256, 256)]
    [InlineData((512L << 20) - 1, 262_144, 256, 128)]
    [InlineData(100L << 20, 262_144, 256, 32)]
    [InlineData(2L << 20, 262_144, 256, 1)]
    [InlineData(0, 262_144, 256, 1)]
    [InlineData(-5_000_000_000, 262_144, 256, 1)]
    [InlineData(512L << 20, 262_144, 100, 100)]
    [InlineData(1_000, 0, 7, 7)]
    public void Rows_fit_twice_into_what_is_free(long free, int vocabulary, int most, int rows) =>
        Assert.Equal(rows, BatchPlan.RowsThatFit(free, vocabulary, most));

    private static List<Range> Groups(
        int[][] prompts,
        int continuation,
        int sequences,
        int budget
    ) =>
        BatchPlan.Ranges(
            prompts.Length,
            sequences,
            _ => true,
            (prompt, group) =>
                continuation
                + PromptBatches.Behind(prompts[prompt], group.Select(other => prompts[other])),
            budget
        );
}
