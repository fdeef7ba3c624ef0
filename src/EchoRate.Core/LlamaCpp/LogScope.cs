namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// Where llama.cpp's log goes during one native call: to the caller's receiver, line by line, and into memory, so that a failure
/// can quote it. Scopes nest; dispose the innermost first, on the thread that opened it.
/// </summary>
public sealed class LogScope : IDisposable
{
    // What a failing call says is short; what it said thousands of lines ago helps nobody.
    private const int MostLinesKept = 10_000;

    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<string> _errors = [];
    private Action<string>? _receiver;

    /// <summary>Opens it on this thread; null drops the lines.</summary>
    public LogScope(Action<string>? receiver)
    {
        _receiver = receiver;
        LogRouter.Open(this);
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
                return _errors.FindLast(line =>
                        !line.Contains("failed to load model", StringComparison.Ordinal)
                    ) ?? _errors.LastOrDefault();
            }
        }
    }

    public void Dispose() => LogRouter.Close(this);

    internal void Receive(LogLevel level, string line)
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
