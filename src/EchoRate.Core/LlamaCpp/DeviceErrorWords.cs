using System.Text.RegularExpressions;

namespace EchoRate.Core.LlamaCpp;

/// <summary>
/// How ggml's backends say in the log why they end the process (ggml-cuda.cu, ggml-vulkan.cpp, ggml-sycl, the C++ runtime). What follows is only the call, the
/// place in the source and what is torn down.
/// </summary>
public static partial class DeviceErrorWords
{
    /// <summary>Whether a line names the cause of a death.</summary>
    public static bool Say(string line) => Cause().IsMatch(line);

    /// <summary>Whether it is one that every model meets: the library or this device cannot compute at all, whatever the file.</summary>
    public static bool SayUnable(string line) => Unable().IsMatch(line);

    [GeneratedRegex(
        @"(?:CUDA|ROCm|HIP|MUSA|SYCL|CANN|OpenCL|Metal|Vulkan) error: |what\(\):  |\bvk::\S*Error\b|Error(?:DeviceLost|OutOfDeviceMemory|OutOfHostMemory|InitializationFailed)",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Cause();

    [GeneratedRegex(
        "no kernel image is available|kernel image is invalid|unsupported toolchain|invalid device function|driver version is insufficient|no CUDA-capable device",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Unable();
}
