using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>
/// Measures every file in a process of its own. What kills that process costs the file's remaining rows, which come as failed, with the
/// reason; never the run.
/// </summary>
public sealed class WorkerMeasurer : IFileMeasurer
{
    private readonly Func<WorkerJob, Action<string>, IWorkerLink> _start;
    private readonly Func<string, Exception> _libraryMissing;
    private readonly RunTarget _target;
    private readonly TimeSpan? _timeout;
    private readonly TimeProvider _clock;

    /// <summary>Measures with workers.</summary>
    /// <param name="program">The program that becomes a worker, and its arguments; the handle for messages is added to them.</param>
    /// <param name="target">What they measure on.</param>
    /// <param name="engine">What the engine says of itself.</param>
    /// <param name="timeout">How long a file may take; null for as long as it likes.</param>
    /// <param name="clock">The clock.</param>
    /// <param name="libraryMissing">The exception that says that the engine's library cannot be had.</param>
    public WorkerMeasurer(
        IReadOnlyList<string> program,
        RunTarget target,
        EngineFacts engine,
        TimeSpan? timeout,
        TimeProvider clock,
        Func<string, Exception> libraryMissing
    )
        : this(
            (job, log) => WorkerProcess.Start(program, job.ToLine(), log),
            target,
            engine,
            timeout,
            clock,
            libraryMissing
        ) { }

    internal WorkerMeasurer(
        Func<WorkerJob, Action<string>, IWorkerLink> start,
        RunTarget target,
        EngineFacts engine,
        TimeSpan? timeout,
        TimeProvider clock,
        Func<string, Exception> libraryMissing
    )
    {
        (_start, _timeout, _clock, _libraryMissing) = (start, timeout, clock, libraryMissing);
        (_target, EngineVersion, Libraries) = (target, engine.Version, engine.Report.Libraries);
    }

    /// <inheritdoc />
    public string EngineVersion { get; }

    /// <inheritdoc />
    public string Libraries { get; }

    /// <inheritdoc />
    public MeasureEnd Measure(
        MeasureJob job,
        IMeasurementListener listener,
        CancellationToken cancellation
    )
    {
        var talk = Talk(
            new WorkerJob { Job = job, Target = _target },
            listener,
            _timeout,
            cancellation
        );
        if (talk.End is { } end)
        {
            return end;
        }
        // A GPU that is out of memory ends some processes instead of answering; as long as no row came, fewer layers may do.
        var isOutOfMemory = talk.Rows == 0 && DeviceMemoryWords.Say(talk.Failure);
        if (!talk.IsLoaded || isOutOfMemory)
        {
            throw new EngineException(talk.Failure) { IsDeviceOutOfMemory = isOutOfMemory };
        }
        NameLost(job, talk, listener, cancellation);
        return talk.EndOfLost;
    }

    // The rows that are still owed are named by a worker that loads the vocabulary alone. Where even that dies, one row for each probe and
    // arm says so.
    private void NameLost(
        MeasureJob job,
        WorkerTalk lost,
        IMeasurementListener listener,
        CancellationToken cancellation
    )
    {
        var naming = new WorkerJob
        {
            Job = job,
            Target = _target,
            Failure = lost.Failure,
            Given = lost.Rows,
        };
        string why;
        try
        {
            var talk = Talk(naming, listener, null, cancellation);
            if (talk.End is not null)
            {
                return;
            }
            why = talk.Failure;
        }
        catch (EngineException e)
        {
            why = e.Message;
        }
        UnnamedRows.HandOver(
            job.Request,
            $"{lost.Failure}; the rows that are left could not be named: {why}",
            listener
        );
    }

    private WorkerTalk Talk(
        WorkerJob job,
        IMeasurementListener listener,
        TimeSpan? timeout,
        CancellationToken cancellation
    )
    {
        using var link = _start(job, listener.Log);
        var talk = new WorkerTalk(link, listener, new Watchdog(_clock, timeout), _clock);
        try
        {
            talk.Listen(cancellation);
            return talk;
        }
        catch (WorkerLibraryException e)
        {
            throw _libraryMissing(e.Message);
        }
    }
}
