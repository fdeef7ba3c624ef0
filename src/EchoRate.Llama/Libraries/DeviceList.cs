using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Libraries;

/// <summary>Reads ggml's device registry.</summary>
internal static unsafe class DeviceList
{
    internal static IReadOnlyList<DeviceFacts> Read() => [.. Devices().Select(Describe)];

    /// <summary>Every device's name, kind and handle; asks for no memory.</summary>
    internal static IReadOnlyList<(string? Name, DeviceKind Kind, nint Handle)> Handles() =>
        [.. Devices().Select(device => ((string?)Name(device), Kind(device), device))];

    /// <summary>Whether a CPU is among them. Asks for no memory, for which CUDA would make a context that holds some.</summary>
    internal static bool HasCpu() => Devices().Any(device => Kind(device) == DeviceKind.Cpu);

    private static IEnumerable<nint> Devices()
    {
        var count = LlamaApi.ggml_backend_dev_count();
        for (nuint i = 0; i < count; i++)
        {
            yield return LlamaApi.ggml_backend_dev_get(i);
        }
    }

    private static string Name(nint device) => Text(LlamaApi.ggml_backend_dev_name(device));

    private static DeviceKind Kind(nint device) =>
        LlamaApi.ggml_backend_dev_get_type(device) switch
        {
            ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU => DeviceKind.Cpu,
            ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_GPU => DeviceKind.Gpu,
            ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_IGPU => DeviceKind.IntegratedGpu,
            _ => DeviceKind.Accelerator,
        };

    private static DeviceFacts Describe(nint device)
    {
        LlamaApi.ggml_backend_dev_memory(device, out var free, out var total);
        var registry = LlamaApi.ggml_backend_dev_backend_reg(device);
        return new DeviceFacts
        {
            Name = Name(device),
            Description = Text(LlamaApi.ggml_backend_dev_description(device)),
            Backend = DeviceFacts.BackendName(Text(LlamaApi.ggml_backend_reg_name(registry))),
            Kind = Kind(device),
            FreeBytes = checked((long)free),
            TotalBytes = checked((long)total),
        };
    }

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8)?.Trim() ?? "";
}
