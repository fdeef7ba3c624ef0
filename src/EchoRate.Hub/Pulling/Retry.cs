namespace EchoRate.Hub.Pulling;

/// <summary>Counts failures in a row and decides: wait how long, or give up.</summary>
internal sealed class Retry(HubTiming timing)
{
    private const int MostTries = 6;

    // With more, the download is given up and says so.
    private static readonly TimeSpan _longestAsked = TimeSpan.FromMinutes(10);

    private int _failures;

    /// <summary>Something arrived: the count begins anew.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits before the next try.</summary>
    public async Task PauseAsync(HubException failure, CancellationToken cancellation)
    {
        _failures++;
        if (!failure.IsTransient)
        {
            throw failure;
        }
        var asked = failure.RetryAfter ?? TimeSpan.Zero;
        var giveUp =
            _failures >= MostTries ? $" (tried {_failures} times; run the command again to go on)"
            : asked > _longestAsked
                ? $"; it asks to be left alone for {asked.TotalMinutes:F0} minutes: run the command again then"
            : null;
        if (giveUp is not null)
        {
            throw new HubException(failure.Message + giveUp, failure);
        }
        var own = TimeSpan.FromSeconds(Math.Pow(2, _failures - 1));
        await timing.Wait(asked > own ? asked : own, cancellation);
    }
}
