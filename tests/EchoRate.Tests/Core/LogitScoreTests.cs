using EchoRate.Core.Scoring;

namespace EchoRate.Tests.Core;

public sealed class LogitScoreTests
{
    // Rows of many lengths and shapes: what real logits are (normal), what is hard on sums in float (all near the top, all far from it, the
    // top last, a few large ones), one block and several, with and without a rest that fills no vector.
    public static TheoryData<string> Shapes =>
        [.. "even normal flat two-level rising falling peaked huge-range".Split(' ')];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Scores_equal_plain_loops_over_probabilities(string shape)
    {
        foreach (var seed in Enumerable.Range(0, 100))
        {
            var random = new Random(seed);
            var logits = Logits(shape, random, random.Next(2, seed % 2 == 0 ? 40 : 9000));
            var token = random.Next(logits.Length);

            Assert.True(LogitScore.TryCompute(logits, token, out var score));

            var max = (double)logits.Max();
            var exponentials = logits.Select(logit => Math.Exp(logit - max)).ToArray();
            var total = exponentials.Sum();
            var probabilities = exponentials.Select(e => e / total).ToArray();
            var others = logits.Where((_, id) => id != token).Max();
            var best = Enumerable
                .Range(0, logits.Length)
                .First(id => id != token && logits[id] == others);
            Assert.Equal(max + Math.Log(total), score.LogSumExp, LogTolerance);
            Assert.Equal(logits[token] - max - Math.Log(total), score.TokenLogProb, LogTolerance);
            Assert.Equal(-Math.Log(total), score.Top1LogProb, LogTolerance);
            Assert.True(score.Top1LogProb <= 0);
            Assert.Equal(
                -probabilities.Where(p => p > 0).Sum(p => p * Math.Log(p)),
                score.Entropy,
                10 * LogTolerance
            );
            Assert.Equal(
                logits.Where((logit, id) => id != token && logit >= logits[token]).Count() + 1,
                score.TokenRank
            );
            Assert.Equal((double)logits[token] - others, score.Margin);
            Assert.Equal(logits[token] > others ? token : best, score.Top1);

            Assert.True(LogitScore.TryCompute(logits, null, out var untold));
            Assert.Equal(score.LogSumExp, untold.LogSumExp, 2 * LogTolerance);
            Assert.Equal(Array.IndexOf(logits, logits.Max()), untold.Top1);
        }
    }

    // What LogitSweep promises.
    private const double LogTolerance = 5e-8;

    internal static float[] Logits(string shape, Random random, int length)
    {
        double Normal() =>
            Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()))
            * Math.Cos(2 * Math.PI * random.NextDouble());
        return
        [
            .. Enumerable
                .Range(0, length)
                .Select(i =>
                    (float)(
                        shape switch
                        {
                            "even" => random.NextDouble() * 60 - 30,
                            "normal" => 2.5 * Normal() - 4,
                            "flat" => 1.5 + 1e-3 * Normal(),
                            "two-level" => i == length - 1 ? 0 : -3.5 + 0.1 * Normal(),
                            "rising" => 20.0 * i / length,
                            "falling" => -50.0 * i / length,
                            "peaked" => i == length / 2 ? 30 : Normal(),
                            "huge-range" => 1e4 * Normal(),
                            _ => throw new ArgumentException(shape),
                        }
                    )
                ),
        ];
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
        Assert.Equal(0, score.Top1LogProb, 12);
        Assert.Equal(0, score.Entropy, 12);
        Assert.True(double.IsFinite(score.TokenLogProb));
    }

    // NaN of either sign: zero by zero gives the one, and its negative the other.
    public static TheoryData<float> Bad =>
        [float.NaN, -float.NaN, float.PositiveInfinity, float.NegativeInfinity];

    [Fact]
    public void A_logit_that_is_no_number_is_found_wherever_it_stands()
    {
        foreach (var length in new[] { 2, 7, 8, 9, 255, 2047, 2048, 2049, 5000 })
        {
            foreach (var place in new[] { 0, 1, length / 2, length - 1 })
            {
                foreach (var token in new[] { 0, place, length - 1 })
                {
                    foreach (var bad in Bad)
                    {
                        var logits = new float[length];
                        logits[place] = bad;
                        Assert.False(LogitScore.TryCompute(logits, token, out _));
                        Assert.False(LogitScore.TryCompute(logits, null, out _));
                    }
                }
            }
        }
    }

    [Fact]
    public void A_row_of_the_tokens_own_logit_has_no_others() =>
        Assert.False(LogitScore.TryCompute([1f], 0, out _));

    [Fact]
    public void The_divergence_equals_a_plain_sum_over_probabilities_however_small_it_is()
    {
        foreach (var (length, noise) in new[] { (5, 1.0), (300, 1e-1), (9001, 1e-3), (4096, 1e-5) })
        {
            var random = new Random(length);
            var a = Logits("normal", random, length);
            float[] b = [.. a.Select(x => (float)(x + noise * (random.NextDouble() - 0.5)))];
            LogitScore.TryCompute(a, null, out var scoreA);
            LogitScore.TryCompute(b, null, out var scoreB);

            var (p, q) = (Probabilities(a), Probabilities(b));
            var expected = p.Zip(q, (x, y) => x * Math.Log(x / y)).Sum();

            var kld = Divergence.Kld(a, scoreA.LogSumExp, b, scoreB.LogSumExp);
            Assert.Equal(expected, kld, Math.Max(1e-14, 1e-4 * expected));
            Assert.Equal(0, Divergence.Kld(a, scoreA.LogSumExp, a, scoreA.LogSumExp));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(301)]
    [InlineData(9001)]
    public void The_divergence_has_the_same_digits_with_registers_of_512_bits(int length)
    {
        foreach (var noise in new[] { 30, 1, 1e-2, 1e-6 })
        {
            var random = new Random(length);
            var a = Logits("normal", random, length);
            float[] b = [.. a.Select(x => (float)(x + noise * (random.NextDouble() - 0.5)))];
            double Kld(bool isWide) => Divergence.Kld(a, 10, b, 11, isWide);

            Assert.Equal(Kld(isWide: false), Kld(isWide: true));
        }
    }

    // Millions of rows are scored in a run.
    [Fact]
    public void Scoring_allocates_nothing()
    {
        var logits = new float[9_999];
        void Score(int token)
        {
            LogitScore.TryCompute(logits, token, out var score);
            LogitScore.TryCompute(logits, null, out _);
            Divergence.Kld(logits, score.LogSumExp, logits, score.LogSumExp);
        }
        Score(3);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var token = 0; token < 100; token++)
        {
            Score(token);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static double[] Probabilities(float[] logits)
    {
        var total = logits.Sum(x => Math.Exp(x));
        return [.. logits.Select(x => Math.Exp(x) / total)];
    }
}
