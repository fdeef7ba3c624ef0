using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>One conversation with one worker, to its end.</summary>
internal sealed class WorkerTalk(
    IWorkerLink link,
    IMeasurementListener listener,
    Watchdog watchdog,
    TimeProvider clock
)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    // What a killed worker had said before is still taken; one that hangs in the kernel cannot be killed, and is left behind.
    private static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(20);

    private SignOfLife? _lastSign;
    private WorkerError? _error;
    private long _loaded;
    private bool _wasStopped;
    private bool _wasAskedToStop;

    /// <summary>What the measuring took; null where the worker did not come to its end.</summary>
    public MeasureEnd? End { get; private set; }

    /// <summary>Whether the worker had loaded the file.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Rows that came.</summary>
    public long Rows { get; private set; }

    /// <summary>Why the worker did not come to its end; one line.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>What the measuring took of a worker that did not come to its end.</summary>
    public MeasureEnd EndOfLost =>
        new(clock.GetElapsedTime(_loaded).TotalMilliseconds, _lastSign?.PeakRssBytes, null);

    /// <summary>Listens until the worker has nothing more to say.</summary>
    /// <exception cref="EngineException">The engine could not load the file.</exception>
    /// <exception cref="IOException">The reference's files cannot be written or read.</exception>
    /// <exception cref="WorkerLibraryException">The engine's library cannot be had.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public void Listen(CancellationToken cancellation)
    {
        var verdict = HearAll(cancellation);
        var death = link.WaitForDeath();
        if (End is null && (_wasStopped || cancellation.IsCancellationRequested))
        {
            throw new OperationCanceledException(cancellation);
        }
        if (_error is { Kind: not WorkerErrorKind.Memory })
        {
            throw ExceptionOf(_error);
        }
        if (End is null)
        {
            Failure = _error is null
                ? death.Describe(verdict)
                : $"memory ran out in the worker process: {_error.Message.ReplaceLineEndings(" ")}";
        }
    }

    // Answers why we ended the worker; null where it ended by itself.
    private string? HearAll(CancellationToken cancellation)
    {
        string? verdict = null;
        var killed = 0L;
        for (
            WorkerNews news;
            (news = link.Next(out var line, Tick)) != WorkerNews.End
                && (verdict is null || clock.GetElapsedTime(killed) < DeathTakes);

        )
        {
            if (news == WorkerNews.Line)
            {
                Hear(line);
            }
            if (verdict is null && (verdict = watchdog.Look()) is not null)
            {
                killed = clock.GetTimestamp();
                link.Kill();
            }
            if (cancellation.IsCancellationRequested)
            {
                AskToStop();
            }
        }
        return verdict;
    }

    // Before there are rows there is none to finish.
    private void AskToStop()
    {
        if (_wasAskedToStop)
        {
            return;
        }
        _wasAskedToStop = true;
        if (IsLoaded)
        {
            link.Stop();
        }
        else
        {
            link.Kill();
        }
    }

    private void Hear(byte[] line)
    {
        if (RowGlance.IsRow(line))
        {
            var (status, reason) = RowGlance.Read(line);
            listener.Row(new RowLine(line, status, reason));
            Rows++;
            watchdog.HeardStep();
            return;
        }
        var message = WorkerMessage.FromLine(line);
        if (message.Alive is { } sign)
        {
            _lastSign = sign;
            watchdog.HeardAlive(sign);
            return;
        }
        watchdog.HeardStep();
        if (message.Loaded is { } loaded)
        {
            (IsLoaded, _loaded) = (true, clock.GetTimestamp());
            listener.Loaded(loaded);
        }
        End ??= message.Done;
        _error ??= message.Error;
        _wasStopped |= message.Stopped;
    }

    private static Exception ExceptionOf(WorkerError error) =>
        error.Kind switch
        {
            WorkerErrorKind.Engine => new EngineException(error.Message),
            WorkerErrorKind.DeviceMemory => new EngineException(error.Message)
            {
                IsDeviceOutOfMemory = true,
            },
            WorkerErrorKind.File => new IOException(error.Message),
            WorkerErrorKind.Library => new WorkerLibraryException(error.Message),
            _ => new InvalidOperationException($"in the worker process: {error.Message}"),
        };
}

/// <summary>A worker cannot have the engine's library.</summary>
internal sealed class WorkerLibraryException(string message) : Exception(message);
