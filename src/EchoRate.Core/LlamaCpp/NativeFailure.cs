using EchoRate.Core.Engine;

namespace EchoRate.Core.LlamaCpp;

/// <summary>The one door for failures of llama.cpp: names the call, quotes llama.cpp's own last error, says what to do.</summary>
public static class NativeFailure
{
    /// <summary>A call that answers null or a plain "no": its reason stands in the log only.</summary>
    public static EngineException Of(string call, string path, LogScope log)
    {
        var said = log.Lines.LastOrDefault(DeviceMemoryWords.Say);
        return said is null
            ? new EngineException(
                $"{call}: {path}: {OneLine(log.LastError ?? "llama.cpp gave no reason")}; {RemedyOf(call, log.LastError)}"
            )
            : new EngineException(
                $"{call}: {path}: the device has no more memory ({OneLine(said)}); use fewer GPU layers or fewer sequences"
            )
            {
                IsDeviceOutOfMemory = true,
            };
    }

    /// <summary>
    /// Checks what <c>llama_decode</c> returned; its positive codes are failures too (llama.h).
    /// </summary>
    /// <exception cref="EngineException">The code is not 0.</exception>
    public static void CheckDecode(int code, string path, LogScope log)
    {
        if (code == 0)
        {
            return;
        }
        var (meaning, remedy) = code switch
        {
            1 => ("no room in the cache for this batch", "use fewer or shorter sequences"),
            2 => ("aborted", "run it again"),
            -1 => ("the batch is not valid", "this is a bug of EchoRate: please report it"),
            -2 => ("memory does not suffice", "use fewer sequences or fewer GPU layers"),
            -3 => ("the computation failed", "see the log; try fewer GPU layers or the CPU"),
            _ => ("unknown code", "see the log"),
        };
        var quote = log.LastError is { } error ? $" ({OneLine(error)})" : "";
        throw new EngineException($"llama_decode: {path}: {meaning}, code {code}{quote}; {remedy}")
        {
            IsDeviceOutOfMemory = log.Lines.Any(DeviceMemoryWords.Say),
        };
    }

    private static string RemedyOf(string call, string? error) =>
        call switch
        {
            // What mmap answers where a limit of the address space is reached.
            _ when error?.Contains("Cannot allocate memory") == true =>
                "no memory is left for this process: free some, or raise its limit (ulimit -v)",
            "llama_model_load_from_file" =>
                "check that the file is whole and that this llama.cpp knows its architecture",
            "llama_init_from_model" =>
                "if memory is short, use fewer sequences, a smaller batch or fewer GPU layers",
            "llama_model_quantize" => "nothing was written",
            _ => "see the log",
        };

    private static string OneLine(string text) =>
        text.ReplaceLineEndings(" ").Replace("\n", " ").Trim();
}
