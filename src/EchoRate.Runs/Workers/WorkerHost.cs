using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>
/// The worker's side: takes one job from its input, measures it, says what happens, and ends. It ends at once when its input does: then
/// whoever started it is gone.
/// </summary>
public sealed class WorkerHost
{
    /// <summary>The line on the input that asks for an end after the row.</summary>
    internal const string StopLine = "stop";

    private readonly TextReader _input;
    private readonly Stream _messages;
    private readonly Action<string> _log;
    private readonly Action _abandoned;

    /// <summary>A worker on these streams.</summary>
    /// <param name="input">The job, and then the wish to stop.</param>
    /// <param name="messages">What the worker says.</param>
    /// <param name="log">Hears, line by line, what the engine's library says.</param>
    /// <param name="abandoned">Ends this process at once.</param>
    public WorkerHost(TextReader input, Stream messages, Action<string> log, Action abandoned) =>
        (_input, _messages, _log, _abandoned) = (input, messages, log, abandoned);

    /// <summary>Does the job.</summary>
    /// <param name="engine">Brings a target's engine; asked once, since a process holds one.</param>
    /// <param name="isLibraryMissing">Whether an exception says that the engine's library cannot be had.</param>
    /// <returns>Whether it was done, or ended as it was told; what went wrong has been said.</returns>
    public async Task<bool> RunAsync(
        Func<RunTarget, Task<IEngine>> engine,
        Func<Exception, bool> isLibraryMissing
    )
    {
        using var stop = new CancellationTokenSource();
        using var voice = new WorkerVoice(_messages);
        try
        {
            var line = await _input.ReadLineAsync(CancellationToken.None).ConfigureAwait(false);
            if (line is null)
            {
                return false;
            }
            Listen(stop);
            var job = WorkerJob.FromLine(line);
            Do(job, await engine(job.Target).ConfigureAwait(false), voice, stop.Token);
            return true;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            voice.Say(new WorkerMessage { Stopped = true });
            return true;
        }
        catch (Exception e)
        {
            voice.Say(new WorkerMessage { Error = ErrorOf(e, isLibraryMissing) });
            return false;
        }
    }

    private void Do(WorkerJob job, IEngine engine, WorkerVoice voice, CancellationToken stop)
    {
        if (job.Failure is { } failure)
        {
            NameRows(job, engine, voice, failure, stop);
            voice.Say(new WorkerMessage { Done = new MeasureEnd(0, null, null) });
            return;
        }
        var listener = new Speaker(voice, _log, 0);
        var end = new InProcessMeasurer(new WatchedEngine(engine, voice)).Measure(
            job.Job,
            listener,
            stop
        );
        voice.Say(new WorkerMessage { Done = end });
    }

    // The vocabulary alone names the rows; nothing is decoded.
    private void NameRows(
        WorkerJob job,
        IEngine engine,
        WorkerVoice voice,
        string failure,
        CancellationToken stop
    )
    {
        using var vocabulary = engine.LoadVocabulary(
            job.Job.Facts.Path!,
            job.Job.Load.MetadataOverrides,
            _log
        );
        using var session = new LostSession(vocabulary, job.Job.Load, failure);
        InProcessMeasurer.HandOver(
            job.Job with
            {
                Reference = null,
            },
            session,
            new Speaker(voice, _log, job.Given),
            stop
        );
    }

    // A thread of its own, which does not keep the process alive: reading blocks.
    private void Listen(CancellationTokenSource stop) =>
        new Thread(() =>
        {
            while (_input.ReadLine() is { } line)
            {
                if (line == StopLine)
                {
                    Cancel(stop);
                }
            }
            _abandoned();
        })
        {
            IsBackground = true,
            Name = "input",
        }.Start();

    // The wish may come when all is done.
    private static void Cancel(CancellationTokenSource stop)
    {
        try
        {
            stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It is.
        }
    }

    private static WorkerError ErrorOf(Exception e, Func<Exception, bool> isLibraryMissing) =>
        e switch
        {
            EngineException => new WorkerError(WorkerErrorKind.Engine, e.Message),
            IOException or UnauthorizedAccessException => new WorkerError(
                WorkerErrorKind.File,
                e.Message
            ),
            OutOfMemoryException => new WorkerError(WorkerErrorKind.Memory, e.Message),
            _ when isLibraryMissing(e) => new WorkerError(WorkerErrorKind.Library, e.Message),
            _ => new WorkerError(WorkerErrorKind.Bug, e.ToString()),
        };

    private sealed class Speaker(WorkerVoice voice, Action<string> log, long given)
        : IMeasurementListener
    {
        private long _rows;

        public void Loaded(LoadedFile file) => voice.Say(new WorkerMessage { Loaded = file });

        public void Row(RowLine row)
        {
            if (++_rows > given)
            {
                voice.SayRow(row.Json);
            }
        }

        public void Log(string line) => log(line);
    }
}
