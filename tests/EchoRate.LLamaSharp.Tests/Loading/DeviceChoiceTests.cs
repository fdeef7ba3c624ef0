using EchoRate.Core.Engine;
using EchoRate.LLamaSharp.Loading;

namespace EchoRate.LLamaSharp.Tests.Loading;

public sealed class DeviceChoiceTests
{
    private static readonly DeviceFacts[] s_devices =
    [
        Device("CPU", DeviceKind.Cpu, 0),
        Device("CUDA0", DeviceKind.Gpu, 8),
        Device("Vulkan1", DeviceKind.IntegratedGpu, 1),
        Device("CUDA1", DeviceKind.Gpu, 24),
        Device("CUDA2", DeviceKind.Gpu, 4),
    ];

    private static readonly LoadOptions s_all = new() { GpuLayers = -1 };

    [Fact]
    public void Without_names_llama_cpp_divides_by_itself()
    {
        var choice = Of(s_all, s_devices);

        Assert.Null(choice.Alone);
        Assert.Empty(choice.Parts);
    }

    [Fact]
    public void One_device_is_its_place_among_the_GPUs() =>
        Assert.Equal(1, Of(s_all with { Devices = ["CUDA1"] }, s_devices).Alone);

    [Fact]
    public void Several_share_by_free_memory_and_the_others_take_nothing()
    {
        var choice = Of(s_all with { Devices = ["CUDA0", "CUDA1"] }, s_devices);

        Assert.Null(choice.Alone);
        Assert.Equal([8, 24, 0], choice.Parts);
    }

    [Fact]
    public void A_split_goes_with_the_names_in_their_order()
    {
        var choice = Of(
            s_all with
            {
                Devices = ["CUDA2", "CUDA0"],
                TensorSplit = [3, 1],
            },
            s_devices
        );

        Assert.Equal([1, 0, 3], choice.Parts);
    }

    [Fact]
    public void The_main_GPU_is_counted_among_the_named_ones() =>
        Assert.Equal(
            2,
            Of(s_all with { Devices = ["CUDA0", "CUDA2"], MainGpu = 1 }, s_devices).Alone
        );

    [Fact]
    public void No_layers_and_no_GPU_among_the_names_both_mean_the_CPU()
    {
        Assert.True(Of(new LoadOptions(), s_devices).None);
        Assert.True(Of(s_all with { Devices = ["CPU"] }, s_devices).None);
    }

    [Fact]
    public void A_device_that_is_not_there_is_an_error_that_names_what_there_is() =>
        Fails(
            "cannot load m.gguf: there is no device 'CUDA7'; there are: CPU, CUDA0, Vulkan1, CUDA1, CUDA2",
            s_all with
            {
                Devices = ["CUDA7"],
            }
        );

    [Fact]
    public void What_LLamaSharp_cannot_be_told_is_an_error_that_says_what_can() =>
        Fails(
            "cannot load m.gguf: LLamaSharp cannot be told to use 'Vulkan1' beside CUDA0; take --engine llama",
            s_all with
            {
                Devices = ["Vulkan1"],
            }
        );

    [Fact]
    public void Parts_that_make_no_sense_are_an_error() =>
        Fails(
            "cannot load m.gguf: the parts of the devices are numbers, 0 or more, not all 0; given: 0, -1",
            s_all with
            {
                TensorSplit = [0, -1],
            }
        );

    [Fact]
    public void An_integrated_GPU_counts_where_there_is_no_other() =>
        Assert.Equal(0, Of(s_all with { Devices = ["Vulkan1"] }, s_devices[..3][^1..]).Alone);

    private static void Fails(string message, LoadOptions options) =>
        Assert.Equal(message, Assert.Throws<EngineException>(() => Of(options, s_devices)).Message);

    private static DeviceChoice Of(LoadOptions options, IReadOnlyList<DeviceFacts> devices) =>
        DeviceChoice.Of("m.gguf", options, devices);

    private static DeviceFacts Device(string name, DeviceKind kind, long free) =>
        new()
        {
            Name = name,
            Description = name,
            Backend = "any",
            Kind = kind,
            FreeBytes = free,
            TotalBytes = free,
        };
}
