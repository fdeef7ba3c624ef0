namespace EchoRate.Tests.Reports.Statistics;

public sealed class WilsonTests
{
    [Theory]
    // The published table: 17 of 18; its whole list: 26 of 27. Newcombe (1998), table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    [InlineData(17, 18, 0.742, 0.990)]
    [InlineData(26, 27, 0.817, 0.993)]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void The_interval_is_that_of_the_literature(
        int hits,
        int measured,
        double low,
        double high
    )
    {
        var interval = Wilson.Interval(hits, measured)!.Value;
        Assert.Equal(low, interval.Low, 6e-4);
        Assert.Equal(high, interval.High, 6e-4);
    }

    [Fact]
    public void Ends_are_exact_at_none_and_all()
    {
        for (var measured = 1; measured < 500; measured++)
        {
            Assert.Equal(0, Wilson.Interval(0, measured)!.Value.Low);
            Assert.Equal(1, Wilson.Interval(measured, measured)!.Value.High);
        }
    }

    [Fact]
    public void Nothing_measured_has_no_interval()
    {
        Assert.Null(Wilson.Interval(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(2, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(-1, 1));
    }
}
