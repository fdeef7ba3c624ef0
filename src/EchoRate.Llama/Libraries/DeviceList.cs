using System.Runtime.InteropServices;
using EchoRate.Llama.Interop;

namespace EchoRate.Llama.Libraries;

/// <summary>Reads ggml's device registry.</summary>
internal static unsafe class DeviceList
{
    internal static IReadOnlyList<LlamaDevice> Read()
    {
        var count = LlamaApi.ggml_backend_dev_count();
        var devices = new List<LlamaDevice>((int)count);
        for (nuint i = 0; i < count; i++)
        {
            devices.Add(Describe(LlamaApi.ggml_backend_dev_get(i)));
        }

        return devices;
    }

    private static LlamaDevice Describe(nint device)
    {
        LlamaApi.ggml_backend_dev_memory(device, out var free, out var total);
        var registry = LlamaApi.ggml_backend_dev_backend_reg(device);
        return new LlamaDevice
        {
            Name = Text(LlamaApi.ggml_backend_dev_name(device)),
            Description = Text(LlamaApi.ggml_backend_dev_description(device)),
            Backend = BackendName(Text(LlamaApi.ggml_backend_reg_name(registry))),
            Kind = LlamaApi.ggml_backend_dev_get_type(device) switch
            {
                ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_CPU => LlamaDeviceKind.Cpu,
                ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_GPU => LlamaDeviceKind.Gpu,
                ggml_backend_dev_type.GGML_BACKEND_DEVICE_TYPE_IGPU =>
                    LlamaDeviceKind.IntegratedGpu,
                _ => LlamaDeviceKind.Accelerator,
            },
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
