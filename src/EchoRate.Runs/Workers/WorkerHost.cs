using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Workers;

/// <summary>
/// The worker's side: does one job, says how it goes, and ends. It ends at once when its input does: then whoever started it is gone.
/// </summary>
/// <param name="input">The wish to stop, and the parent's life; null for a worker without a parent.</param>
/// <param name="messages">What the worker says.</param>
/// <param name="log">Hears, line by line, what the engine's library says.</param>
/// <param name="abandoned">Ends this process at once.</param>
public sealed class WorkerHost(
    TextReader? input,
    TextWriter messages,
    Action<string> log,
    Action abandoned
)
{
    /// <summary>The line on the input that asks for an end after the row.</summary>
    internal const string StopLine = "stop";

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private bool _isSilent;

    /// <summary>Does a job.</summary>
    /// <param name="read">Brings the job.</param>
    /// <param name="load">Brings a target's engine; called once, since a process holds one.</param>
    /// <returns>Whether it was done, or ended as it was told; what went wrong has been said.</returns>
    public bool Run(Func<MeasureJob> read, Func<RunTarget, IEngine> load)
    {
        using var stop = new CancellationTokenSource();
        FileMeasurement? measurement = null;
        using var timer = new Timer(_ => SayAlive(measurement), null, _interval, _interval);
        WorkerMessage end;
        try
        {
            if (input is not null)
            {
                Listen(input, stop);
            }
            var job = read();
            measurement = new FileMeasurement(job, load(job.Target), log)
            {
                Loaded = rows => Say(new WorkerMessage { Loaded = rows }),
            };
            var record = measurement.Run(stop.Token);
            // With the number of all rows.
            SayAlive(measurement);
            end = new WorkerMessage { Done = record };
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            end = new WorkerMessage { Stopped = true };
        }
        catch (Exception e)
        {
            end = new WorkerMessage { Error = WorkerError.Of(e) };
        }
        lock (_lock)
        {
            _isSilent = true;
            messages.Write(end.ToText());
            messages.Flush();
        }
        return end.Error is null;
    }

    // A thread of its own, which does not keep the process alive: reading blocks.
    private void Listen(TextReader input, CancellationTokenSource stop) =>
        new Thread(() =>
        {
            while (input.ReadLine() is { } line)
            {
                if (line == StopLine)
                {
                    Cancel(stop);
                }
            }
            abandoned();
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

    private void Say(WorkerMessage message)
    {
        lock (_lock)
        {
            if (!_isSilent)
            {
                messages.Write(message.ToText());
                messages.Flush();
            }
        }
    }

    private void SayAlive(FileMeasurement? measurement)
    {
        // Where the parent does not read for a while, whoever speaks waits for it; signs of life must not queue up behind, a thread each.
        if (!_lock.TryEnter(_interval / 2))
        {
            return;
        }
        try
        {
            using var process = Process.GetCurrentProcess();
            var now = measurement?.Now ?? default;
            Say(
                new WorkerMessage
                {
                    Alive = new SignOfLife(
                        now.Rows,
                        measurement?.Decodes ?? 0,
                        process.TotalProcessorTime.TotalMilliseconds,
                        PeakMemory.Read(),
                        now.AllRows
                    ),
                }
            );
        }
        catch (IOException)
        {
            // Nobody listens any more: the end of the input ends this process.
        }
        finally
        {
            _lock.Exit();
        }
    }
}
