namespace EchoRate.Hub.Downloading;

/// <summary>How patient downloading is; tests pass another clock and never wait.</summary>
public sealed record HubTiming
{
    /// <summary>Tries that may fail in a row.</summary>
    public int Tries { get; init; } = 6;

    /// <summary>The pause after the first failure; it doubles with each further one.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest pause of our own choice.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The longest pause that a server may ask for; with more, the download is given up and says so.</summary>
    public TimeSpan LongestAskedPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long an answer, or the next bytes, may take.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes after which tries are counted anew: a line that breaks now and then still brings 20 GB.</summary>
    public long Progress { get; init; } = 1 << 20;

    /// <summary>The time.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Waits.</summary>
    public Func<TimeSpan, CancellationToken, Task> Wait { get; init; } = Task.Delay;
}
