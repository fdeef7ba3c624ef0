using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Exact;
using EchoRate.LLamaSharp.Interop;

namespace EchoRate.LLamaSharp.Libraries;

/// <summary>Reads ggml's device registry.</summary>
internal static class DeviceList
{
    /// <summary>Every device with its memory as it is now, for which CUDA makes a context that holds some.</summary>
    internal static IReadOnlyList<DeviceFacts> Read() =>
        [
            .. Handles()
                .Select(device =>
                {
                    Ggml.ggml_backend_dev_memory(device.Handle, out var free, out var total);
                    var registry = Ggml.ggml_backend_dev_backend_reg(device.Handle);
                    return new DeviceFacts
                    {
                        Name = device.Name,
                        Description = Text(Ggml.ggml_backend_dev_description(device.Handle)),
                        Backend = DeviceFacts.BackendName(
                            Text(Ggml.ggml_backend_reg_name(registry))
                        ),
                        Kind = device.Kind,
                        FreeBytes = checked((long)free),
                        TotalBytes = checked((long)total),
                    };
                }),
        ];

    /// <summary>Every device by the name that it bears, with the address that llama.cpp takes for it. Asks for no memory.</summary>
    internal static IReadOnlyList<(string Name, DeviceKind Kind, nint Handle)> Handles()
    {
        var devices = new List<(string, DeviceKind, nint)>();
        for (nuint i = 0; i < Ggml.ggml_backend_dev_count(); i++)
        {
            var device = Ggml.ggml_backend_dev_get(i);
            var name = Text(Ggml.ggml_backend_dev_name(device));
            if (name != ExactBackend.Name)
            {
                devices.Add((name, KindOf(device), device));
            }
        }
        return devices;
    }

    // enum ggml_backend_dev_type of ggml-backend.h.
    internal static DeviceKind KindOf(nint device) =>
        Ggml.ggml_backend_dev_type(device) switch
        {
            0 => DeviceKind.Cpu,
            1 => DeviceKind.Gpu,
            2 => DeviceKind.IntegratedGpu,
            _ => DeviceKind.Accelerator,
        };

    private static string Text(nint utf8) => Marshal.PtrToStringUTF8(utf8)?.Trim() ?? "";
}
