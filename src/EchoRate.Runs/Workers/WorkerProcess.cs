using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using System.Text;

namespace EchoRate.Runs.Workers;

/// <summary>
/// A worker as a process. Its messages come through a pipe of their own, whose handle it inherits: what native code prints to stdout or
/// stderr cannot get between them, and is the log. Its input stays open as long as this process lives: its end is the worker's.
/// </summary>
internal sealed class WorkerProcess : IWorkerLink
{
    private const int KeptWords = 20;

    private static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(20);

    private readonly AnonymousPipeServerStream _pipe;
    private readonly Process _process;
    private readonly Action<string> _log;
    private readonly Queue<string> _words = new();
    private bool _isClosed;
    private IOException? _logFailure;

    // Bounded: a slow disk slows the worker down instead of filling the memory.
    private readonly BlockingCollection<byte[]> _lines = new(boundedCapacity: 4096);

    private WorkerProcess(AnonymousPipeServerStream pipe, Process process, Action<string> log) =>
        (_pipe, _process, _log) = (pipe, process, log);

    /// <summary>Starts a worker.</summary>
    /// <param name="program">The program and its arguments; the handle for messages is added.</param>
    /// <param name="job">Its job, one line.</param>
    /// <param name="log">Hears what it writes to stdout and stderr; called from other threads.</param>
    /// <exception cref="RunException">The program cannot be started.</exception>
    public static WorkerProcess Start(IReadOnlyList<string> program, string job, Action<string> log)
    {
        var pipe = new AnonymousPipeServerStream(
            PipeDirection.In,
            HandleInheritability.Inheritable
        );
        var start = new ProcessStartInfo(program[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in program.Skip(1))
        {
            start.ArgumentList.Add(argument);
        }
        start.ArgumentList.Add(pipe.GetClientHandleAsString());
        // A failed assertion aborts the process; llama.cpp would first try to attach a debugger, which can hang.
        start.Environment["GGML_NO_BACKTRACE"] = "1";
        GpuPrecision.Set(start.Environment);
        try
        {
            var worker = new WorkerProcess(pipe, Process.Start(start)!, log);
            pipe.DisposeLocalCopyOfClientHandle();
            worker.Begin(job);
            return worker;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            pipe.Dispose();
            throw new RunException(
                $"{program[0]}: the worker process cannot be started: {e.Message}; --in-process does without one",
                e
            );
        }
    }

    /// <inheritdoc />
    public WorkerNews Next(out byte[] line, TimeSpan wait)
    {
        CheckLog();
        if (_lines.TryTake(out var taken, wait))
        {
            line = taken;
            return WorkerNews.Line;
        }
        line = [];
        return _lines.IsCompleted ? WorkerNews.End : WorkerNews.Nothing;
    }

    /// <inheritdoc />
    public void Stop() => Tell(WorkerHost.StopLine);

    /// <inheritdoc />
    public void Kill()
    {
        try
        {
            _process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It is gone already.
        }
    }

    /// <inheritdoc />
    public WorkerDeath WaitForDeath()
    {
        // One that hangs in the kernel cannot be killed; it is left behind rather than waited for.
        if (!_process.WaitForExit(DeathTakes))
        {
            return new WorkerDeath(null, Words());
        }
        // Without a limit: waits for the last lines of the log too.
        _process.WaitForExit();
        CheckLog();
        return new WorkerDeath(_process.ExitCode, Words());
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_words)
        {
            _isClosed = true;
        }
        if (!_process.HasExited)
        {
            Kill();
            _process.WaitForExit(DeathTakes);
        }
        _lines.Dispose();
        _process.Dispose();
    }

    private void Begin(string job)
    {
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        new Thread(ReadLines)
        {
            IsBackground = true,
            Name = string.Create(CultureInfo.InvariantCulture, $"worker {_process.Id}"),
        }.Start();
        // A long job fills the pipe; whoever waits for it to be read could not notice that the worker died.
        new Thread(() => Tell(job)) { IsBackground = true, Name = "job" }.Start();
    }

    private void Tell(string line)
    {
        try
        {
            _process.StandardInput.Write(line + "\n");
            _process.StandardInput.Flush();
        }
        catch (Exception e)
            when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It died before it read this; its end says so.
        }
    }

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }
        lock (_words)
        {
            if (_isClosed)
            {
                return;
            }
            _words.Enqueue(line);
            if (_words.Count > KeptWords)
            {
                _words.Dequeue();
            }
            try
            {
                _log(line);
            }
            catch (IOException e)
            {
                // A full disk; said by the thread that waits for news.
                _logFailure ??= e;
            }
        }
    }

    private void CheckLog()
    {
        lock (_words)
        {
            if (_logFailure is not null)
            {
                throw _logFailure;
            }
        }
    }

    private string[] Words()
    {
        lock (_words)
        {
            return [.. _words];
        }
    }

    private void ReadLines()
    {
        try
        {
            using (_pipe)
            {
                foreach (var line in MessageLines.Of(_pipe))
                {
                    _lines.Add(line);
                }
            }
            _lines.CompleteAdding();
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException)
        {
            // Nobody waits for this worker any more.
        }
    }
}
