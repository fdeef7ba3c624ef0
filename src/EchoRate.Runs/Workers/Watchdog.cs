namespace EchoRate.Runs.Workers;

/// <summary>
/// Tells a slow worker from one that hangs, and keeps the time that a file may take. Time in which this process itself was stopped (a laptop
/// asleep, Ctrl-Z) counts for neither.
/// </summary>
/// <remarks>
/// A worker speaks at most a second apart, whatever its library is busy with. One that says nothing is stuck as a whole. One that speaks,
/// but ends no batch and spends no processor time, waits for something that does not come: a disk, a driver. A slow batch, or one whose
/// weights still come from a slow disk, spends processor time and is left alone, however long it takes.
/// </remarks>
internal sealed class Watchdog(TimeProvider clock, TimeSpan? timeout)
{
    /// <summary>How long a worker may say nothing.</summary>
    public static readonly TimeSpan MostSilence = TimeSpan.FromMinutes(1);

    /// <summary>How long a worker may do nothing.</summary>
    public static readonly TimeSpan MostIdleness = TimeSpan.FromMinutes(5);

    // More than a second between two looks: it was us who did not run.
    private static readonly TimeSpan _mostBetweenLooks = TimeSpan.FromSeconds(1);

    // A worker at rest spends about a thousandth on saying that it lives.
    private const double LeastLoad = 0.02;

    private long _looked = clock.GetTimestamp();
    private TimeSpan _spent;
    private TimeSpan _silent;
    private TimeSpan _idle;
    private TimeSpan _betweenSigns;
    private SignOfLife? _last;

    /// <summary>The worker said something that is a step: it loaded, it is done.</summary>
    public void HeardStep() => _silent = _idle = TimeSpan.Zero;

    /// <summary>The worker said that it lives.</summary>
    public void HeardAlive(SignOfLife sign)
    {
        _silent = TimeSpan.Zero;
        var load =
            _last is null || _betweenSigns == TimeSpan.Zero
                ? 1
                : (sign.ProcessorMs - _last.ProcessorMs) / _betweenSigns.TotalMilliseconds;
        if (load >= LeastLoad || sign.Decodes != _last?.Decodes || sign.Rows != _last.Rows)
        {
            _idle = TimeSpan.Zero;
        }
        (_last, _betweenSigns) = (sign, TimeSpan.Zero);
    }

    /// <returns>Why the worker has to be ended; null while it may go on.</returns>
    public string? Look()
    {
        var now = clock.GetTimestamp();
        var elapsed = clock.GetElapsedTime(_looked, now);
        _looked = now;
        if (elapsed > _mostBetweenLooks)
        {
            elapsed = _mostBetweenLooks;
        }
        _spent += elapsed;
        _silent += elapsed;
        _idle += elapsed;
        _betweenSigns += elapsed;
        if (_spent >= timeout)
        {
            return $"not done within {Seconds(timeout.Value)} s (--timeout)";
        }
        if (_silent >= MostSilence)
        {
            return $"no sign of life for {Seconds(MostSilence)} s";
        }
        return _idle >= MostIdleness
            ? $"no sign of life for {Seconds(MostIdleness)} s: no batch ended and no processor time was spent"
            : null;
    }

    private static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("0.###");
}
