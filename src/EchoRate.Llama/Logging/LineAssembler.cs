using System.Text;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Logging;

/// <summary>
/// Joins the fragments that llama.cpp logs into lines: a line ends at its newline, a fragment of level CONT belongs to the one
/// before it, and a fragment of another level starts a new line. A character may be cut between fragments, so bytes are collected.
/// </summary>
internal sealed class LineAssembler
{
    private readonly List<byte> _pending = [];
    private ggml_log_level _level = ggml_log_level.GGML_LOG_LEVEL_INFO;

    /// <summary>Takes a fragment and hands on every line that it completes.</summary>
    internal void Add(
        ggml_log_level level,
        ReadOnlySpan<byte> fragment,
        Action<ggml_log_level, string> line
    )
    {
        if (level != ggml_log_level.GGML_LOG_LEVEL_CONT && level != _level)
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
    internal void Flush(Action<ggml_log_level, string> line)
    {
        if (_pending.Count > 0)
        {
            Emit(line);
        }
    }

    private void Emit(Action<ggml_log_level, string> line)
    {
        var text = Encoding.UTF8.GetString([.. _pending]).TrimEnd('\r');
        _pending.Clear();
        line(_level, text);
    }
}
