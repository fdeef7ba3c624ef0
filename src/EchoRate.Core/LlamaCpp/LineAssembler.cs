using System.Text;

namespace EchoRate.Core.LlamaCpp;

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
