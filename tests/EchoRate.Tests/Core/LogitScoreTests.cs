using EchoRate.Core.Scoring;

namespace EchoRate.Tests.Core;

public sealed class LogitScoreTests
{
    [Fact]
    public void Scores_equal_plain_loops_over_probabilities()
    {
        foreach (var seed in Enumerable.Range(0, 50))
        {
            var random = new Random(seed);
            var logits = Enumerable
                .Range(0, random.Next(2, 3000))
                .Select(_ => (float)(random.NextDouble() * 60 - 30))
                .ToArray();
            var token = random.Next(logits.Length);

            Assert.True(LogitScore.TryCompute(logits, token, out var score));

            var exponentials = logits.Select(logit => Math.Exp(logit)).ToArray();
            var total = exponentials.Sum();
            var probabilities = exponentials.Select(e => e / total).ToArray();
            Assert.Equal(1, probabilities.Sum(), 12);
            Assert.Equal(Math.Log(probabilities[token]), score.TokenLogProb, 9);
            Assert.Equal(Math.Log(total), score.LogSumExp, 9);
            Assert.Equal(
                -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p)),
                score.Entropy,
                9
            );
            Assert.Equal(probabilities.Max(), Math.Exp(score.Top1LogProb), 9);
            Assert.Equal(logits.Count(logit => logit > logits[token]) + 1, score.TokenRank);
            Assert.Equal(
                (double)logits[token] - logits.Where((_, id) => id != token).Max(),
                score.Margin,
                5
            );
        }
    }

    [Fact]
    public void Adding_a_constant_to_every_logit_changes_no_logprob()
    {
        float[] logits = [1, 2.5f, -3, 0.25f];
        float[] shifted = [.. logits.Select(logit => logit + 1024)];

        Assert.True(LogitScore.TryCompute(logits, 2, out var a));
        Assert.True(LogitScore.TryCompute(shifted, 2, out var b));
        Assert.Equal(a.TokenLogProb, b.TokenLogProb, 12);
        Assert.Equal(a.Entropy, b.Entropy, 12);
        Assert.Equal(a.Margin, b.Margin);
    }

    [Theory]
    [InlineData(new float[] { 1, 1, 0 }, 0, 1, 2)]
    [InlineData(new float[] { 1, 1, 0 }, 1, 0, 2)]
    [InlineData(new float[] { 1, 1, 0 }, 2, 0, 3)]
    [InlineData(new float[] { 2, 1, 0 }, 0, 0, 1)]
    public void An_exact_tie_is_no_echo(float[] logits, int token, int top1, int rank)
    {
        Assert.True(LogitScore.TryCompute(logits, token, out var score));

        Assert.Equal(top1, score.Top1);
        Assert.Equal(rank, score.TokenRank);
        Assert.Equal(score.Top1 == token, score.Margin > 0);
    }

    [Fact]
    public void Very_large_logits_do_not_overflow()
    {
        float[] logits = [3e38f, -3e38f, 1e38f];

        Assert.True(LogitScore.TryCompute(logits, 1, out var score));
        Assert.Equal(0, score.Top1LogProb);
        Assert.Equal(0, score.Entropy);
        Assert.True(double.IsFinite(score.TokenLogProb));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void A_logit_that_is_no_number_has_no_score(float bad)
    {
        Assert.False(LogitScore.TryCompute([0, bad, 1], 0, out _));
        Assert.False(LogitScore.TryCompute([0, 1, bad], 2, out _));
    }
}
