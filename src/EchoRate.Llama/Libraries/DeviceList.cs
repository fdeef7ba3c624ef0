using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Libraries;

/// <summary>Reads ggml's device registry.</summary>
internal static unsafe class DeviceList
{
    internal static IReadOnlyList<DeviceFacts> Read()
    {
        var count = LlamaApi.ggml_backend_dev_count();
        var devices = new List<DeviceFacts>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            devices.Add(Describe(LlamaApi.ggml_backend_dev_get(i)));
        }

        return devices;
    }

    /// <summary>Whether a CPU is among them. Asks for no memory, for which CUDA would make a context that holds some.</summary>
    internal static bool HasCpu()
    {
        var count = LlamaApi.ggml_backend_dev_count();
        for (nuint i = 0; i < count; i++)
        {
            if (Kind(LlamaApi.ggml_backend_dev_get(i)) == DeviceKind.Cpu)
            {
                return true;
            }
        }

        return false;
    }

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
            Name = Text(LlamaApi.ggml_backend_dev_name(device)),
            Description = Text(LlamaApi.ggml_backend_dev_description(device)),
            Backend = BackendName(Text(LlamaApi.ggml_backend_reg_name(registry))),
            Kind = Kind(device),
            FreeBytes = checked((long)free),
            TotalBytes = checked((long)total),
        };
    }

    private static string Text(byte* utf8) => Marshal.PtrToStringUTF8((nint)utf8)?.Trim() ?? "";

    // Metal's registry calls itself MTL; people and the option --backend say metal.
    private static string BackendName(string registry) =>
        registry.Equals("MTL", StringComparison.OrdinalIgnoreCase)
            ? "metal"
#pragma warning disable CA1308 // The names are small letters in our columns.
            : registry.ToLowerInvariant();
#pragma warning restore CA1308
}
