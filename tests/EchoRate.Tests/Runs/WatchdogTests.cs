using EchoRate.Runs.Workers;

namespace EchoRate.Tests.Runs;

/// <summary>Slow is not hung, and time in which nobody ran is nobody's.</summary>
public sealed class WatchdogTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly ManualClock _clock = new();
    private double _processorMs;
    private long _decodes;

    // A batch that takes hours, weights that trickle from a slow disk, and batches whose work is all a device's.
    [Theory]
    [InlineData(3, 1, 0)]
    [InlineData(1, 0.03, 0)]
    [InlineData(1, 0, 1)]
    public void Slow_work_is_left_alone(double hours, double load, long decodesPerSecond) =>
        Assert.Null(
            Live(new Watchdog(_clock, null), TimeSpan.FromHours(hours), load, decodesPerSecond)
        );

    [Fact]
    public void Who_says_nothing_for_a_minute_is_ended()
    {
        var dog = new Watchdog(_clock, null);
        Assert.Null(Live(dog, TimeSpan.FromMinutes(10), load: 1));

        var (after, verdict) = Wait(dog, TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromSeconds(60), after);
        Assert.Equal("no sign of life for 60 s", verdict);
    }

    [Fact]
    public void Who_speaks_but_does_nothing_for_five_minutes_is_ended()
    {
        var dog = new Watchdog(_clock, null);
        Assert.Null(Live(dog, TimeSpan.FromMinutes(10), load: 1));
        var began = _clock.GetTimestamp();

        var verdict = Live(dog, TimeSpan.FromHours(1), load: 0.001);

        Assert.Equal(
            "no sign of life for 300 s: no batch ended and no processor time was spent",
            verdict
        );
        Assert.InRange(
            _clock.GetElapsedTime(began),
            TimeSpan.FromMinutes(5),
            TimeSpan.FromMinutes(5) + 2 * TimeSpan.FromSeconds(1)
        );
    }

    [Fact]
    public void Steps_are_life()
    {
        var dog = new Watchdog(_clock, null);
        for (var i = 0; i < 100; i++)
        {
            Assert.Null(Wait(dog, TimeSpan.FromSeconds(50)).Verdict);
            dog.HeardStep();
        }
    }

    [Fact]
    public void The_limit_of_a_file_counts_whatever_the_worker_does()
    {
        var dog = new Watchdog(_clock, TimeSpan.FromSeconds(2));
        var began = _clock.GetTimestamp();

        var verdict = Live(dog, TimeSpan.FromMinutes(1), load: 1, decodesPerSecond: 100);

        Assert.Equal("not done within 2 s (--timeout)", verdict);
        Assert.Equal(TimeSpan.FromSeconds(2), _clock.GetElapsedTime(began));
    }

    [Fact]
    public void A_laptop_that_sleeps_costs_no_file_its_life()
    {
        var dog = new Watchdog(_clock, TimeSpan.FromMinutes(5));
        for (var night = 0; night < 20; night++)
        {
            _clock.Advance(TimeSpan.FromHours(8));
            Assert.Null(dog.Look());
            Assert.Null(Live(dog, TimeSpan.FromSeconds(5), load: 1));
        }
    }

    private string? Live(Watchdog dog, TimeSpan time, double load, long decodesPerSecond = 0)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            if (Wait(dog, TimeSpan.FromSeconds(1)).Verdict is { } verdict)
            {
                return verdict;
            }
            _processorMs += 1000 * load;
            _decodes += decodesPerSecond;
            dog.HeardAlive(new SignOfLife(0, _decodes, _processorMs, 0));
        }
        return null;
    }

    private (TimeSpan After, string? Verdict) Wait(Watchdog dog, TimeSpan time)
    {
        for (var waited = Tick; waited <= time; waited += Tick)
        {
            _clock.Advance(Tick);
            if (dog.Look() is { } verdict)
            {
                return (waited, verdict);
            }
        }
        return (time, null);
    }
}
