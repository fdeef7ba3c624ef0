using System.Text.RegularExpressions;

namespace EchoRate.Core.Engine;

/// <summary>
/// How ggml's backends say that a device has no more memory (ggml-backend.cpp, ggml-alloc.c, ggml-cuda.cu, ggml-vulkan.cpp, ggml-metal;
/// v0.4.0 and v0.5.0). No code tells it: a call fails, or the process is aborted, and the reason stands in the log alone.
/// </summary>
public static partial class DeviceMemoryWords
{
    // Vulkan does without pinned memory where there is none.
    private const string Harmless = "pinned memory";

    /// <summary>Whether a line of a log says it. Memory of the host (<c>CPU</c>, <c>CUDA_Host</c>) is not meant.</summary>
    public static bool Say(string line) => !line.Contains(Harmless) && Says(line);

    private static bool Says(string line) =>
        (Allocation().Match(line) is { Success: true } match && !IsOfHost(match.Groups[1].Value))
        || Driver().IsMatch(line);

    private static bool IsOfHost(string buffer) =>
        buffer.StartsWith("CPU", StringComparison.Ordinal)
        || buffer.EndsWith("_Host", StringComparison.Ordinal);

    // ggml_gallocr_reserve_n_impl: failed to allocate Vulkan0 buffer of size 1073741824
    // llama_model_load: error loading model: unable to allocate CUDA0 buffer
    [GeneratedRegex(@"(?:unable|failed) to allocate (\S+) buffer")]
    private static partial Regex Allocation();

    // cudaMalloc failed: out of memory; CUDA error: out of memory; ErrorOutOfDeviceMemory; Metal's status 5, Insufficient Memory
    [GeneratedRegex(
        @"cudaMalloc failed: out of memory|(?:CUDA|ROCm|HIP) error: out of memory|ErrorOutOfDeviceMemory|Insufficient Memory|Device memory allocation of size \d+ failed"
    )]
    private static partial Regex Driver();
}
