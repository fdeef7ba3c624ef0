namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// llama.cpp has one logger per process; an engine hands every fragment of it over here. Each line goes to the innermost
/// <see cref="LogScope"/> of the thread that speaks, or, where a worker thread of the library speaks, to the scope opened last. Debug
/// lines and lines outside any scope are dropped; nothing reaches the console.
/// </summary>
public static class LogRouter
{
    private static readonly Lock s_lock = new();
    private static readonly List<LogScope> s_open = [];

    [ThreadStatic]
    private static List<LogScope>? t_scopes;

    [ThreadStatic]
    private static LineAssembler? t_lines;

    /// <summary>Takes what the library said just now, on the thread on which it said it. Never throws: the caller is C.</summary>
    public static void Take(LogLevel level, ReadOnlySpan<byte> fragment)
    {
        try
        {
            (t_lines ??= new LineAssembler()).Add(level, fragment, Deliver);
        }
        catch (Exception)
        {
            // An exception that leaves a callback from C kills the process; a lost log line does not matter that much.
        }
    }

    internal static void Open(LogScope scope)
    {
        FlushThread();
        (t_scopes ??= []).Add(scope);
        lock (s_lock)
        {
            s_open.Add(scope);
        }
    }

    internal static void Close(LogScope scope)
    {
        FlushThread();
        t_scopes?.Remove(scope);
        lock (s_lock)
        {
            s_open.Remove(scope);
        }
    }

    private static void FlushThread() => t_lines?.Flush(Deliver);

    private static void Deliver(LogLevel level, string line)
    {
        if (level != LogLevel.Debug)
        {
            Innermost()?.Receive(level, line);
        }
    }

    private static LogScope? Innermost()
    {
        if (t_scopes is { Count: > 0 } mine)
        {
            return mine[^1];
        }

        lock (s_lock)
        {
            return s_open.Count > 0 ? s_open[^1] : null;
        }
    }
}
