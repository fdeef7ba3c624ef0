using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Interop;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>Reads ggml's device registry.</summary>
internal static class DeviceList
{
    internal static IReadOnlyList<DeviceFacts> Read() => [.. Devices().Select(Describe)];

    /// <summary>Whether a CPU is among them. Asks for no memory, for which CUDA would make a context that holds some.</summary>
    internal static bool HasCpu() => Devices().Any(device => KindOf(device) == DeviceKind.Cpu);

    /// <summary>Every device by the name that it bears, with the address that llama.cpp takes for it. Asks for no memory.</summary>
    internal static IReadOnlyList<(string Name, DeviceKind Kind, nint Handle)> Handles() =>
        [
            .. Devices()
                .Select(device =>
                    (Text(MissingApi.ggml_backend_dev_name(device)), KindOf(device), device)
                ),
        ];

    private static IEnumerable<nint> Devices()
    {
        var count = MissingApi.ggml_backend_dev_count();
        for (nuint i = 0; i < count; i++)
        {
            yield return MissingApi.ggml_backend_dev_get(i);
        }
    }

    private static DeviceFacts Describe(nint device)
    {
        MissingApi.ggml_backend_dev_memory(device, out var free, out var total);
        var registry = MissingApi.ggml_backend_dev_backend_reg(device);
        return new DeviceFacts
        {
            Name = Text(MissingApi.ggml_backend_dev_name(device)),
            Description = Text(MissingApi.ggml_backend_dev_description(device)),
            Backend = DeviceFacts.BackendName(Text(MissingApi.ggml_backend_reg_name(registry))),
            Kind = KindOf(device),
            FreeBytes = checked((long)free),
            TotalBytes = checked((long)total),
        };
    }

    // enum ggml_backend_dev_type of ggml-backend.h.
    internal static DeviceKind KindOf(nint device) =>
        MissingApi.ggml_backend_dev_type(device) switch
        {
            0 => DeviceKind.Cpu,
            1 => DeviceKind.Gpu,
            2 => DeviceKind.IntegratedGpu,
            _ => DeviceKind.Accelerator,
        };

    private static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8)?.Trim() ?? "";
}
