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

    [Fact]
    public void Without_a_gpu_everything_is_on_the_cpu() =>
        Assert.Equal(
            Expected(gpuLayers: 0, layers: 6, "cpu", "CPU", bytes: null),
            Report("load_tensors:          CPU model buffer size =     1.13 MiB")
        );

    [Fact]
    public void All_layers_on_one_gpu() =>
        Assert.Equal(
            Expected(
                gpuLayers: 6,
                layers: 6,
                "vulkan",
                "Vulkan0 (llvmpipe)",
                (long)(3.5 * 1024 * 1024)
            ),
            Report(
                "load_tensors: offloaded 6/6 layers to GPU",
                "load_tensors:      Vulkan0 model buffer size =     1.00 MiB",
                "load_tensors:  Vulkan_Host model buffer size =     9.00 MiB",
                "llama_kv_cache:    Vulkan0 KV buffer size =     2.00 MiB",
                "sched_reserve:     Vulkan0 compute buffer size =     0.50 MiB",
                "sched_reserve: Vulkan_Host compute buffer size =     7.00 MiB"
            )
        );

    [Fact]
    public void Some_layers_on_two_gpus_and_the_rest_on_the_cpu() =>
        Assert.Equal(
            Expected(
                gpuLayers: 3,
                layers: 29,
                "vulkan",
                "Vulkan0 (llvmpipe) + Vulkan1 (other) + CPU",
                3 * 1024 * 1024
            ),
            Report(
                "load_tensors: offloaded 3/29 layers to GPU",
                "load_tensors:      Vulkan0 model buffer size =     1.00 MiB",
                "load_tensors:      Vulkan1 model buffer size =     2.00 MiB"
            )
        );

    [Fact]
    public void A_gpu_that_holds_no_weights_does_not_count() =>
        Assert.Equal(
            Expected(gpuLayers: 0, layers: 6, "cpu", "CPU", bytes: null),
            Report(
                "load_tensors: offloaded 0/6 layers to GPU",
                "load_tensors:          CPU model buffer size =     1.13 MiB",
                "sched_reserve:     Vulkan0 compute buffer size =     0.50 MiB"
            )
        );

    private static SessionReport Report(params string[] lines) =>
        new LoadLog(lines).Report(s_devices, modelLayers: 5, threads: 1, addsBos: true);

    private static SessionReport Expected(
        int gpuLayers,
        int layers,
        string backend,
        string device,
        long? bytes
    ) =>
        new()
        {
            Backend = backend,
            Device = device,
            GpuLayers = gpuLayers,
            Layers = layers,
            Threads = 1,
            AddsBos = true,
            PeakDeviceBytes = bytes,
        };

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
