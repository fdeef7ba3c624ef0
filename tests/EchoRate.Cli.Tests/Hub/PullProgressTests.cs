using EchoRate.Cli.Pulling;
using EchoRate.Hub.Pulling;
using EchoRate.Tests.Runs;

namespace EchoRate.Cli.Tests.Hub;

/// <summary>What a pull says on a pipe.</summary>
public sealed class PullProgressTests
{
    private readonly WantedFile _file = new()
    {
        Address = new HubAddress("org/name", "main", "m.gguf"),
        Name = "m:F16",
    };

    [Theory]
    [InlineData(0, "50.0")]
    [InlineData(60_000_000, "20.0")]
    public void What_lay_here_from_before_is_no_part_of_the_rate(long here, string rate)
    {
        List<string> said = [];
        var clock = new ManualClock();
        var progress = new PullProgress(said.Add, clock, bars: null);

        progress.Begin(_file, 100_000_000, fetching: true, here);
        clock.Advance(TimeSpan.FromSeconds(2));
        progress.Arrived(_file, 100_000_000);
        progress.End(new PullResult(_file, PullOutcome.Fetched, "m.gguf", "", null));

        Assert.Equal($"m:F16: fetched and verified, 100.0 MB, {rate} MB/s", Assert.Single(said));
    }
}
