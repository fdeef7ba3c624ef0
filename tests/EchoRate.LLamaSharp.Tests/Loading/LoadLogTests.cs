using EchoRate.Core.LlamaCpp;

namespace EchoRate.LLamaSharp.Tests.Loading;

public sealed class LoadLogTests
{
    private static readonly DeviceFacts[] s_devices =
    [
        Device("Vulkan0", "llvmpipe (LLVM 15.0.6, 256 bits)", "vulkan", DeviceKind.Gpu),
        Device("Vulkan1", "other", "vulkan", DeviceKind.Gpu),
        Device("CPU", "some processor", "cpu", DeviceKind.Cpu),
    ];

    [Theory]
    [InlineData("CPU model buffer size =     1.13 MiB", 0, 6, "cpu", "CPU", null)]
    [InlineData(
        "offloaded 6/6 layers to GPU|Vulkan0 model buffer size =     1.00 MiB|Vulkan_Host model buffer size =     9.00 MiB|Vulkan0 KV buffer size =     2.00 MiB|Vulkan0 compute buffer size =     0.50 MiB|Vulkan_Host compute buffer size =     7.00 MiB",
        6,
        6,
        "vulkan",
        "Vulkan0 (llvmpipe)",
        3.5
    )]
    [InlineData(
        "offloaded 3/29 layers to GPU|Vulkan0 model buffer size =     1.00 MiB|Vulkan1 model buffer size =     2.00 MiB",
        3,
        29,
        "vulkan",
        "Vulkan0 (llvmpipe) + Vulkan1 (other) + CPU",
        3.0
    )]
    // A GPU that holds no weights does not count.
    [InlineData(
        "offloaded 0/6 layers to GPU|CPU model buffer size =     1.13 MiB|Vulkan0 compute buffer size =     0.50 MiB",
        0,
        6,
        "cpu",
        "CPU",
        null
    )]
    public void Layers_devices_and_memory_are_those_of_the_log(
        string said,
        int gpuLayers,
        int layers,
        string backend,
        string device,
        double? mebibytes
    )
    {
        var lines = said.Split('|')
            .Select(line =>
                line.Contains("KV") ? $"llama_kv_cache:    {line}"
                : line.Contains("compute") ? $"sched_reserve:     {line}"
                : line.StartsWith("offloaded") ? $"load_tensors: {line}"
                : $"load_tensors:          {line}"
            );

        Assert.Equal(
            new SessionReport
            {
                Backend = backend,
                Device = device,
                GpuLayers = gpuLayers,
                Layers = layers,
                Threads = 1,
                AddsBos = true,
                PeakDeviceBytes = mebibytes is { } size ? (long)(size * (1 << 20)) : null,
            },
            new LoadLog([.. lines]).Report(s_devices, modelLayers: 5, threads: 1, addsBos: true)
        );
    }

    private static DeviceFacts Device(
        string name,
        string description,
        string backend,
        DeviceKind kind
    ) =>
        new()
        {
            Name = name,
            Description = description,
            Backend = backend,
            Kind = kind,
            FreeBytes = 0,
            TotalBytes = 0,
        };
}
