using System.Globalization;

namespace EchoRate.Hub.Downloading;

/// <summary>Counts failures in a row and decides: wait how long, or give up.</summary>
internal sealed class Backoff(HubTiming timing)
{
    private int _failures;

    /// <summary>Something arrived: the count begins anew.</summary>
    public void Reset() => _failures = 0;

    /// <summary>Waits before the next try.</summary>
    /// <exception cref="HubException">The failure itself, where another try would not help or there were enough of them.</exception>
    public async Task PauseAsync(HubException failure, CancellationToken cancellation)
    {
        _failures++;
        if (!failure.IsTransient)
        {
            throw failure;
        }
        if (_failures >= timing.Tries)
        {
            throw new HubException(
                failure.Failure,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failure.Message} (tried {_failures} times; run the command again to go on)"
                ),
                failure
            );
        }
        TimeSpan own = timing.FirstPause * Math.Pow(2, _failures - 1);
        own = own < timing.LongestPause ? own : timing.LongestPause;
        TimeSpan asked = failure.RetryAfter ?? TimeSpan.Zero;
        if (asked > timing.LongestAskedPause)
        {
            throw new HubException(
                failure.Failure,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{failure.Message}; it asks to be left alone for {asked.TotalMinutes:F0} minutes: run the command again then"
                ),
                failure
            );
        }
        await timing.Wait(asked > own ? asked : own, cancellation).ConfigureAwait(false);
    }

    /// <summary>Tries until it works or is given up.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> attempt, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return await attempt().ConfigureAwait(false);
            }
            catch (HubException failure)
            {
                await PauseAsync(failure, cancellation).ConfigureAwait(false);
            }
        }
    }
}
