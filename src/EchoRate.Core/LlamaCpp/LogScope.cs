namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// Where llama.cpp's log goes during one native call: to the caller's receiver, line by line, and into memory, so that a failure
/// can quote it. Scopes nest; dispose the innermost first, on the thread that opened it.
/// </summary>
/// <remarks>
/// llama.cpp has one logger per process; an engine hands every fragment of it over to <see cref="Take"/>. Each line goes to the innermost scope of the thread that
/// speaks, or, where a worker thread of the library speaks, to the scope opened last. Debug lines and lines outside any scope are dropped; nothing reaches the
/// console.
/// </remarks>
public sealed class LogScope : IDisposable
{
    private static readonly Lock _openLock = new();
    private static readonly List<LogScope> _open = [];

    [ThreadStatic]
    private static LineAssembler? _assembler;

    // What a failing call says is short; what it said thousands of lines ago helps nobody.
    private const int MostLinesKept = 10_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private Action<string>? _receiver;

    /// <summary>Opens it on this thread; null drops the lines.</summary>
    public LogScope(Action<string>? receiver)
    {
        _receiver = receiver;
        _assembler?.Flush(Deliver);
        lock (_openLock)
        {
            _open.Add(this);
        }
    }

    /// <summary>All lines so far.</summary>
    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>
    /// The last error line that says something: "failed to load model" only repeats that the call failed. Null without errors.
    /// </summary>
    public string? LastError
    {
        get
        {
            lock (_lock)
            {
                return _errors.FindLast(line => !line.Contains("failed to load model"))
                    ?? _errors.LastOrDefault();
            }
        }
    }

    /// <summary>Takes what the library said just now, on the thread on which it said it. Never throws: the caller is C.</summary>
    public static void Take(LogLevel level, ReadOnlySpan<byte> fragment)
    {
        try
        {
            (_assembler ??= new LineAssembler()).Add(level, fragment, Deliver);
        }
        catch (Exception)
        {
            // An exception that leaves a callback from C kills the process; a lost log line does not matter that much.
        }
    }

    public void Dispose()
    {
        _assembler?.Flush(Deliver);
        lock (_openLock)
        {
            _open.Remove(this);
        }
    }

    private static void Deliver(LogLevel level, string line)
    {
        if (level == LogLevel.Debug)
        {
            return;
        }
        LogScope? scope;
        lock (_openLock)
        {
            var thread = Environment.CurrentManagedThreadId;
            scope = _open.FindLast(one => one._thread == thread) ?? _open.LastOrDefault();
        }
        scope?.Receive(level, line);
    }

    private void Receive(LogLevel level, string line)
    {
        lock (_lock)
        {
            if (_lines.Count < MostLinesKept)
            {
                _lines.Add(line);
            }

            // Some errors come framed in "=====" and blank lines.
            if (level == LogLevel.Error && line.Any(char.IsLetter))
            {
                _errors.Add(line.Trim());
            }
            try
            {
                _receiver?.Invoke(line);
            }
            catch (Exception)
            {
                // We are inside a callback from C: an exception that left it would kill the process. A receiver that failed once
                // (a full disk, say) is not asked again; the measurement goes on without a log.
                _receiver = null;
            }
        }
    }
}
