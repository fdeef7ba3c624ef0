using EchoRate.Core.Scoring;

namespace EchoRate.Tests.Core;

/// <summary>The lanes that a sweep goes by: on a processor without AVX-512 a row has the digits that it has on one with it.</summary>
public sealed class LogitSweepTests
{
    [Theory]
    [MemberData(nameof(LogitScoreTests.Shapes), MemberType = typeof(LogitScoreTests))]
    public void Wide_and_paired_lanes_give_the_same_digits(string shape)
    {
        foreach (var seed in Enumerable.Range(0, 50))
        {
            var random = new Random(seed);
            var logits = LogitScoreTests.Logits(shape, random, random.Next(2, 9000));
            var own = random.Next(logits.Length);

            Assert.Equal(Sums<WideLanes>(logits, own), Sums<PairedLanes>(logits, own));
        }
    }

    [Theory]
    [InlineData(-3f, false)]
    [InlineData(-80f, false)]
    [InlineData(-41.7f, false)]
    [InlineData(-2.9999998f, true)]
    [InlineData(-80.00001f, true)]
    [InlineData(0f, true)]
    [InlineData(41.7f, true)]
    [InlineData(-1e-42f, true)]
    [InlineData(float.MinValue, true)]
    [InlineData(float.MaxValue, true)]
    [InlineData(float.NaN, true)]
    [InlineData(float.PositiveInfinity, true)]
    [InlineData(float.NegativeInfinity, true)]
    public void One_value_outside_a_range_of_negative_ones_is_seen_in_any_lane(
        float value,
        bool isOutside
    )
    {
        for (var lane = 0; lane < Lanes.Count; lane++)
        {
            var values = new float[Lanes.Count];
            Array.Fill(values, -10);
            values[lane] = value;

            Assert.Equal(
                isOutside,
                WideLanes.AnyOutside(WideLanes.Load(ref values[0], 0), -80, -3)
            );
            Assert.Equal(
                isOutside,
                PairedLanes.AnyOutside(PairedLanes.Load(ref values[0], 0), -80, -3)
            );
        }
    }

    [Theory]
    [InlineData(1e-3)]
    [InlineData(80)]
    public void Exponentials_in_floats_are_as_exact_as_they_say(double range)
    {
        var random = new Random(0);
        for (var round = 0; round < 10_000; round++)
        {
            var powers = new float[Lanes.Count];
            var (wide, paired) = (new float[Lanes.Count], new float[Lanes.Count]);
            for (var lane = 0; lane < Lanes.Count; lane++)
            {
                powers[lane] = (float)((2 * random.NextDouble() - 1) * range);
            }
            WideLanes.Store(Exponential.Of(WideLanes.Load(ref powers[0], 0)), ref wide[0], 0);
            PairedLanes.Store(Exponential.Of(PairedLanes.Load(ref powers[0], 0)), ref paired[0], 0);

            Assert.Equal(wide, paired);
            foreach (var (power, value) in powers.Zip(wide))
            {
                Assert.InRange(value / Math.Exp(power) - 1, -3e-7, 3e-7);
            }
        }
    }

    private static (double, double, int, float, bool) Sums<T>(float[] logits, int own)
        where T : struct, ILanes<T>
    {
        var sweep = new LogitSweep(logits[own == 0 ? 1 : 0], logits[own]);
        sweep.Add<T>(logits, own);
        return (sweep.Sum, sweep.Weighted, sweep.Reaching, sweep.Pivot, sweep.IsFinite);
    }
}
