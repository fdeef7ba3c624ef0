using EchoRate.Cli.Terminal;
using EchoRate.Runs.Executing;
using EchoRate.Tests.Runs;

namespace EchoRate.Cli.Tests.Running;

/// <summary>The time that remains, where progress is lines.</summary>
public sealed class RunProgressTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void The_time_that_remains_follows_from_the_rows_that_the_loaded_file_tells()
    {
        var progress = Begin(rows: 100_000);
        _clock.Advance(TimeSpan.FromSeconds(100));
        progress.Rows(new FileProgress(50, AllRows: 1050));
        _clock.Advance(TimeSpan.FromSeconds(20));
        progress.Rows(new FileProgress(250, AllRows: 1050));

        // 200 rows took 20 seconds. What went before, loading and rows of an earlier process, does not count.
        Assert.Equal(["[1/2] 250 of 1050 rows, about 0:01:20 left"], Lines);
    }

    [Fact]
    public void Until_it_tells_or_where_it_does_not_those_of_its_header_count()
    {
        var progress = Begin(rows: 30);
        progress.Rows(new FileProgress(10));
        _clock.Advance(TimeSpan.FromSeconds(19));
        progress.Rows(new FileProgress(15));
        _clock.Advance(TimeSpan.FromSeconds(1));
        progress.Rows(new FileProgress(20));
        _clock.Advance(TimeSpan.FromMinutes(1));
        progress.Rows(new FileProgress(30));

        Assert.Equal(["[1/2] 20 of 30 rows, about 0:00:20 left"], Lines);
    }

    private string[] Lines =>
        _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);

    private RunProgress Begin(long rows)
    {
        var progress = new RunProgress(_error.WriteLine, _clock, bars: null);
        progress.Begin(new ModelFacts { Model = "m" }, null, 1, 2, rows);
        return progress;
    }

    /// <inheritdoc />
    public void Dispose() => _error.Dispose();
}
