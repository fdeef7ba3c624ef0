using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EchoRate.Core.LlamaCpp;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Logging;

/// <summary>llama.cpp's logger of this process: it hands everything to the <see cref="LogRouter"/>.</summary>
internal static unsafe class NativeLog
{
    /// <summary>Takes the place of the library's own logger, which writes to stderr.</summary>
    internal static void Install() => LlamaApi.llama_log_set(&OnLog, null);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void OnLog(ggml_log_level level, byte* text, void* userData) =>
        LogRouter.Take((LogLevel)level, MemoryMarshal.CreateReadOnlySpanFromNullTerminated(text));
}
