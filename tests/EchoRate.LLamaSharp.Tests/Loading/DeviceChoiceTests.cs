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
        var choice = DeviceChoice.Of(s_all, s_devices);

        Assert.Null(choice.Alone);
        Assert.Empty(choice.Parts);
    }

    [Fact]
    public void One_device_is_its_place_among_the_GPUs() =>
        Assert.Equal(1, DeviceChoice.Of(s_all with { Devices = ["cuda1"] }, s_devices).Alone);

    [Fact]
    public void Several_share_by_free_memory_and_the_others_take_nothing()
    {
        var choice = DeviceChoice.Of(s_all with { Devices = ["CUDA0", "CUDA1"] }, s_devices);

        Assert.Null(choice.Alone);
        Assert.Equal([8, 24, 0], choice.Parts);
    }

    [Fact]
    public void A_split_goes_with_the_names_in_their_order()
    {
        var choice = DeviceChoice.Of(
            s_all with
            {
                Devices = ["CUDA2", "CUDA0"],
                TensorSplit = [3, 1],
            },
            s_devices
        );

        Assert.Equal([1, 0, 3], choice.Parts);
    }

    [Theory]
    [InlineData("CUDA7")]
    [InlineData("Vulkan1")]
    [InlineData("CPU")]
    public void What_LLamaSharp_cannot_be_told_is_an_error_that_names_what_there_is(string name)
    {
        var exception = Assert.Throws<EngineException>(() =>
            DeviceChoice.Of(s_all with { Devices = [name] }, s_devices)
        );

        Assert.Equal(
            $"no GPU {name} that LLamaSharp can be told to use; there are: CUDA0, CUDA1, CUDA2",
            exception.Message
        );
    }

    [Fact]
    public void An_integrated_GPU_counts_where_there_is_no_other() =>
        Assert.Equal(
            0,
            DeviceChoice.Of(s_all with { Devices = ["Vulkan1"] }, s_devices[..3][^1..]).Alone
        );

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
