using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Logging;

/// <summary>
/// llama.cpp has one logger per process. This is it: it hands each line to the innermost <see cref="LogScope"/> of the thread that
/// speaks, or, where a worker thread of the library speaks, to the scope opened last. Debug lines and lines outside any scope are
/// dropped; nothing reaches the console.
/// </summary>
internal static unsafe class NativeLog
{
    private static readonly Lock s_lock = new();
    private static readonly List<LogScope> s_open = [];

    [ThreadStatic]
    private static List<LogScope>? t_scopes;

    [ThreadStatic]
    private static LineAssembler? t_lines;

    /// <summary>Takes the place of the library's own logger, which writes to stderr.</summary>
    internal static void Install() => LlamaApi.llama_log_set(&OnLog, null);

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

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(ggml_log_level level, byte* text, void* userData)
    {
        try
        {
            var fragment = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text);
            (t_lines ??= new LineAssembler()).Add(level, fragment, Deliver);
        }
        catch (Exception)
        {
            // An exception that leaves a callback from C kills the process; a lost log line does not matter that much.
        }
    }

    private static void FlushThread() => t_lines?.Flush(Deliver);

    private static void Deliver(ggml_log_level level, string line)
    {
        if (level != ggml_log_level.GGML_LOG_LEVEL_DEBUG)
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
