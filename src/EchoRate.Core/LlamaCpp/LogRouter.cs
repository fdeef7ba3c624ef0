using System.Text;

namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// llama.cpp has one logger per process; an engine hands every fragment of it over here. Each line goes to the innermost
/// <see cref="LogScope"/> of the thread that speaks, or, where a worker thread of the library speaks, to the scope opened last. Debug
/// lines and lines outside any scope are dropped; nothing reaches the console.
/// </summary>
public static class LogRouter
{
    private static readonly Lock _lock = new();
    private static readonly List<LogScope> _open = [];

    [ThreadStatic]
    private static List<LogScope>? _scopes;

    [ThreadStatic]
    private static LineAssembler? _lines;

    /// <summary>Takes what the library said just now, on the thread on which it said it. Never throws: the caller is C.</summary>
    public static void Take(LogLevel level, ReadOnlySpan<byte> fragment)
    {
        try
        {
            (_lines ??= new LineAssembler()).Add(level, fragment, Deliver);
        }
        catch (Exception)
        {
            // An exception that leaves a callback from C kills the process; a lost log line does not matter that much.
        }
    }

    internal static void Open(LogScope scope)
    {
        FlushThread();
        (_scopes ??= []).Add(scope);
        lock (_lock)
        {
            _open.Add(scope);
        }
    }

    internal static void Close(LogScope scope)
    {
        FlushThread();
        _scopes?.Remove(scope);
        lock (_lock)
        {
            _open.Remove(scope);
        }
    }

    private static void FlushThread() => _lines?.Flush(Deliver);

    private static void Deliver(LogLevel level, string line)
    {
        if (level != LogLevel.Debug)
        {
            Innermost()?.Receive(level, line);
        }
    }

    private static LogScope? Innermost()
    {
        if (_scopes is { Count: > 0 } mine)
        {
            return mine[^1];
        }
        lock (_lock)
        {
            return _open.Count > 0 ? _open[^1] : null;
        }
    }
}

/// <summary>How llama.cpp ranks what it logs; the numbers are ggml's.</summary>
public enum LogLevel
{
    /// <summary>Without a rank.</summary>
    None = 0,

    /// <summary>For those who write llama.cpp.</summary>
    Debug = 1,

    /// <summary>What it does.</summary>
    Info = 2,

    /// <summary>What may be wrong.</summary>
    Warning = 3,

    /// <summary>What failed.</summary>
    Error = 4,

    /// <summary>More of the line before.</summary>
    Continue = 5,
}

/// <summary>
/// Joins the fragments that llama.cpp logs into lines: a line ends at its newline, a fragment of level CONT belongs to the one
/// before it, and a fragment of another level starts a new line. A character may be cut between fragments, so bytes are collected.
/// </summary>
public sealed class LineAssembler
{
    private readonly List<byte> _pending = [];
    private LogLevel _level = LogLevel.Info;

    /// <summary>Takes a fragment and hands on every line that it completes.</summary>
    public void Add(LogLevel level, ReadOnlySpan<byte> fragment, Action<LogLevel, string> line)
    {
        if (level != LogLevel.Continue && level != _level)
        {
            Flush(line);
            _level = level;
        }
        while (fragment.IndexOf((byte)'\n') is var end and >= 0)
        {
            _pending.AddRange(fragment[..end]);
            Emit(line);
            fragment = fragment[(end + 1)..];
        }
        _pending.AddRange(fragment);
    }

    /// <summary>Hands on what still waits for its newline.</summary>
    public void Flush(Action<LogLevel, string> line)
    {
        if (_pending.Count > 0)
        {
            Emit(line);
        }
    }

    private void Emit(Action<LogLevel, string> line)
    {
        var text = Encoding.UTF8.GetString([.. _pending]).TrimEnd('\r');
        _pending.Clear();
        line(_level, text);
    }
}
