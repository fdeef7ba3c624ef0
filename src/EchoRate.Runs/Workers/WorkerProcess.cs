using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using EchoRate.Core.LlamaCpp;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Workers;

/// <summary>
/// A worker as a process. Its stdout carries messages, one a line; every other line, and its stderr, is the log. Its stdin stays open as long as
/// this process lives: its end is the worker's.
/// </summary>
internal sealed class WorkerProcess : IDisposable
{
    /// <summary>What a killed worker had said before is still taken; one that hangs in the kernel cannot be killed, and is left behind.</summary>
    public static readonly TimeSpan DeathTakes = TimeSpan.FromSeconds(20);

    private const int KeptWords = 20;

    private readonly Process _process;
    private readonly Action<string> _log;
    private readonly Queue<string> _words = new();
    private readonly BlockingCollection<WorkerMessage> _messages = [];
    private string? _cause;
    private bool _isClosed;
    private IOException? _logFailure;

    public WorkerProcess(IEnumerable<string> program, Action<string> log)
    {
        _log = log;
        var words = program.ToList();
        var start = new ProcessStartInfo(words[0], words.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false),
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        WorkerEnvironment.Set(start.Environment);
        try
        {
            _process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new RunException(
                $"{words[0]}: the worker process cannot be started: {e.Message}; --in-process does without one",
                e
            );
        }
        _process.OutputDataReceived += (_, line) => HearOutput(line.Data);
        _process.ErrorDataReceived += (_, line) => HearLog(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public WorkerMessage? Next(TimeSpan wait, out bool isOver)
    {
        CheckLog();
        var taken = _messages.TryTake(out var message, wait);
        isOver = !taken && _messages.IsCompleted;
        return message;
    }

    /// <summary>Asks for an end after the row.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.WriteLine(WorkerHost.StopLine);
            _process.StandardInput.Flush();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It died before it read this; its end says so.
        }
    }

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

    /// <summary>How the worker ended; asked when it has nothing more to say.</summary>
    public WorkerDeath WaitForDeath()
    {
        if (!_process.WaitForExit(DeathTakes))
        {
            return new WorkerDeath(null, Words(), _cause);
        }
        // Without a limit: waits for the last lines of the log too.
        _process.WaitForExit();
        CheckLog();
        return new WorkerDeath(_process.ExitCode, Words(), _cause);
    }

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
        _process.Dispose();
    }

    private void HearOutput(string? line)
    {
        if (line is null)
        {
            _messages.CompleteAdding();
        }
        else if (WorkerMessage.Read(line) is { } message)
        {
            _messages.Add(message);
        }
        else if (line.Length > 0)
        {
            HearLog(line);
        }
    }

    private void HearLog(string? line)
    {
        lock (_words)
        {
            if (line is null || _isClosed)
            {
                return;
            }
            // What comes behind it may be longer than what is kept.
            _cause ??= DeviceErrorWords.Say(line) ? line : null;
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
                // A full disk; said by the thread that waits for messages.
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
}
