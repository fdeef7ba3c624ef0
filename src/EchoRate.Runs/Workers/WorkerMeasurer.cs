using EchoRate.Core.Engine;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Workers;

/// <summary>
/// Measures every file in a process of its own. What kills that process costs the file's remaining rows, which come as failed, with the
/// reason; never the run.
/// </summary>
/// <param name="program">The program that becomes a worker, and its arguments; the job's path is added to them.</param>
/// <param name="engine">What the engine says of itself.</param>
/// <param name="timeout">How long a file may take; null for as long as it likes.</param>
public sealed class WorkerMeasurer(
    IReadOnlyList<string> program,
    EngineFacts engine,
    TimeSpan? timeout
) : IFileMeasurer
{
    private static readonly TimeSpan _tick = TimeSpan.FromMilliseconds(100);

    // Why no file can be measured here, as one showed that died before its first row.
    private string? _unable;

    /// <inheritdoc />
    public EngineFacts Engine => engine;

    /// <inheritdoc />
    public FileRecord Measure(
        MeasureJob job,
        Action<string> log,
        Action<FileProgress> progress,
        CancellationToken cancellation
    )
    {
        if (_unable is not null)
        {
            throw new EngineException(
                $"not tried on {job.Target.DeviceLabel}, where {_unable}; `echorate doctor` says what to do, --backend cpu measures without a GPU"
            );
        }
        var end = Run(job, timeout, log, progress, cancellation);
        if (end.Record is { } record)
        {
            return record;
        }
        var gaveRows = JournalState.Read(job.Journal).Rows > (end.RowsBefore ?? 0);
        if (end.IsOfEveryFile && !gaveRows)
        {
            _unable = $"{job.Record.Facts.Name} had died before its first row: {end.Failure}";
        }
        // A GPU that is out of memory ends some processes instead of answering; as long as no row came, fewer layers may do.
        var isOutOfMemory = !gaveRows && DeviceMemoryWords.Say(end.Failure);
        if (end.RowsBefore is null || isOutOfMemory)
        {
            throw new EngineException(end.Failure) { IsDeviceOutOfMemory = isOutOfMemory };
        }
        return NameLost(
            job with
            {
                Lost = new LostWorker(end.Failure, end.DecodeMs, end.PeakRssBytes),
            },
            log,
            progress,
            cancellation
        );
    }

    // The rows that are still owed are named by a worker that loads the vocabulary alone. Where even that dies, one row for each probe and arm says
    // so.
    private FileRecord NameLost(
        MeasureJob job,
        Action<string> log,
        Action<FileProgress> progress,
        CancellationToken cancellation
    )
    {
        string why;
        try
        {
            var end = Run(job, null, log, progress, cancellation);
            if (end.Record is { } record)
            {
                return record;
            }
            why = end.Failure;
        }
        catch (EngineException e)
        {
            why = e.Message;
        }
        return UnnamedRows.Append(
            job,
            job.Lost!,
            $"{job.Lost!.Failure}; the rows that are left could not be named: {why}"
        );
    }

    private WorkerEnd Run(
        MeasureJob job,
        TimeSpan? limit,
        Action<string> log,
        Action<FileProgress> progress,
        CancellationToken cancellation
    )
    {
        job.Write();
        using var worker = new WorkerProcess([.. program, job.Path], log);
        var end = new WorkerEnd();
        var watchdog = new Watchdog(TimeProvider.System, limit);
        var verdict = Listen(worker, end, watchdog, progress, cancellation);
        var death = worker.WaitForDeath();
        if (end.Record is null && (end.WasStopped || cancellation.IsCancellationRequested))
        {
            throw new OperationCanceledException(cancellation);
        }
        if (end.Error is { IsMemory: false } error)
        {
            throw error.ToException();
        }
        if (end.Record is not null)
        {
            File.Delete(job.Path);
            return end;
        }
        end.IsOfEveryFile = death.IsOfEveryFile;
        end.Failure = end.Error is { } memory
            ? $"memory ran out in the worker process: {memory.Message.ReplaceLineEndings(" ")}"
            : death.Describe(verdict);
        return end;
    }

    // Answers why we ended the worker; null where it ended by itself.
    private static string? Listen(
        WorkerProcess worker,
        WorkerEnd end,
        Watchdog watchdog,
        Action<FileProgress> progress,
        CancellationToken cancellation
    )
    {
        string? verdict = null;
        var (killed, asked) = (0L, false);
        while (true)
        {
            var message = worker.Next(_tick, out var isOver);
            if (
                isOver
                || (
                    verdict is not null
                    && TimeProvider.System.GetElapsedTime(killed) > WorkerProcess.DeathTakes
                )
            )
            {
                return verdict;
            }
            if (message is not null)
            {
                end.Hear(message, watchdog, progress);
            }
            if (verdict is null && (verdict = watchdog.Look()) is not null)
            {
                killed = TimeProvider.System.GetTimestamp();
                worker.Kill();
            }
            if (cancellation.IsCancellationRequested && !asked)
            {
                asked = true;
                AskToStop(worker, end);
            }
        }
    }

    // Before there are rows there is none to finish.
    private static void AskToStop(WorkerProcess worker, WorkerEnd end)
    {
        if (end.RowsBefore is null)
        {
            worker.Kill();
        }
        else
        {
            worker.Stop();
        }
    }

    // What a worker said until its end.
    private sealed class WorkerEnd
    {
        private SignOfLife? _last;
        private long _loaded;

        public FileRecord? Record { get; private set; }

        public WorkerError? Error { get; private set; }

        public bool WasStopped { get; private set; }

        public string Failure { get; set; } = "";

        public bool IsOfEveryFile { get; set; }

        // Rows that were there when the file was loaded; null where it never was.
        public long? RowsBefore { get; private set; }

        public double DecodeMs => TimeProvider.System.GetElapsedTime(_loaded).TotalMilliseconds;

        public long? PeakRssBytes => _last?.PeakRssBytes;

        public void Hear(WorkerMessage message, Watchdog watchdog, Action<FileProgress> progress)
        {
            if (message.Alive is { } sign)
            {
                watchdog.HeardAlive(sign);
                if (sign.Rows != (_last?.Rows ?? 0))
                {
                    progress(new FileProgress(sign.Rows, sign.AllRows));
                }
                _last = sign;
                return;
            }
            watchdog.HeardStep();
            if (message.Loaded is { } rows)
            {
                (RowsBefore, _loaded) = (rows, TimeProvider.System.GetTimestamp());
            }
            Record ??= message.Done;
            Error ??= message.Error;
            WasStopped |= message.Stopped;
        }
    }
}
