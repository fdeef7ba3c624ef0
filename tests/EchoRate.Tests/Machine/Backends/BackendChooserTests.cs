using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

public sealed class BackendChooserTests : IDisposable
{
    private readonly FakeTrials _trials = new();
    private FakeHost _fake = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private BackendChooser Chooser => new(_fake.Host, _fake.Store, _trials);

    public void Dispose() => _fake.Dispose();

    [Fact]
    public async Task Auto_takes_the_first_backend_that_works_and_says_why_not_a_better_one()
    {
        _fake.WithBackends("cuda", "cuda12", "vulkan");
        _trials
            .Fails("cuda", "its library has no code for this card")
            .Shows("cuda12", "CUDA0", "cuda")
            .Shows("vulkan", "Vulkan0", "vulkan");

        var choice = await Choose("auto");

        Assert.Equal("cuda12", choice.Backend);
        Assert.EndsWith(Path.Combine("cuda12", "libggml-cuda.so"), choice.Plugin);
        Assert.Equal(2, choice.Facts.Devices.Count);
        Assert.Equal(
            ["the backend cuda does not work here: its library has no code for this card"],
            choice.PassedOver
        );
        Assert.Equal(["cuda", "cuda12"], _trials.Asked);
    }

    [Fact]
    public async Task Auto_asks_vulkan_alone_where_nothing_else_can_be_there()
    {
        _fake.WithBackends("vulkan");
        _trials.Shows("vulkan", "Vulkan0", "vulkan");

        Assert.Equal("vulkan", (await Choose("auto")).Backend);

        // Each other trial would be one process more at the start of every run.
        Assert.All(_trials.Asked, asked => Assert.Equal("vulkan", asked));
    }

    [Fact]
    public async Task Auto_takes_the_cpu_where_no_gpu_works()
    {
        _fake.WithBackends("cuda", "vulkan");
        _trials
            .Fails("cuda", "it crashed")
            .Shows("vulkan", "Vulkan0", "vulkan", "it computes other numbers");

        var choice = await Choose("auto");

        Assert.Equal(("cpu", null), (choice.Backend, choice.Plugin));
        Assert.Equal(
            [
                "the backend cuda does not work here: it crashed",
                "the backend vulkan does not work here: Vulkan0: it computes other numbers",
            ],
            choice.PassedOver
        );
    }

    [Fact]
    public async Task A_card_that_failed_beside_one_that_works_does_not_take_part()
    {
        _fake.WithBackends("cuda");
        _trials.Shows(
            "cuda",
            (FakeTrials.Device("CUDA0", "cuda"), null),
            (FakeTrials.Device("CUDA1", "cuda"), "logits differ")
        );

        var choice = await Choose("cuda");

        Assert.Equal(["CUDA0", "CPU"], choice.Facts.Devices.Select(device => device.Name));
        Assert.Equal(["CUDA1 is left out: logits differ"], choice.PassedOver);
    }

    [Theory]
    [InlineData("auto", "")]
    [InlineData("cpu", "")]
    [InlineData("cpu", "vulkan")]
    public async Task The_cpu_is_asked_without_a_library(string wanted, string installed)
    {
        _fake.WithBackends(installed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        _trials.Shows("vulkan", "Vulkan0", "vulkan");

        var choice = await Choose(wanted);

        Assert.Equal(("cpu", null), (choice.Backend, choice.Plugin));
        Assert.All(_trials.Asked, asked => Assert.Equal("", asked));
    }

    [Theory]
    [InlineData(
        "vulkan",
        "the backend vulkan is not installed (installed: cuda): echorate backend add vulkan downloads it (26 MB)"
    )]
    [InlineData(
        "cuda",
        "the backend cuda does not work here: missing: libcudart.so.13, libcuda.so.1; `echorate doctor` says what to do, --backend auto takes what works"
    )]
    [InlineData(
        "metal",
        "there is no backend metal for linux-x64; --backend auto takes what works"
    )]
    public async Task A_backend_that_cannot_be_had_is_one_line(string wanted, string message)
    {
        _fake.WithBackends("cuda");
        _trials.Fails("cuda", "missing: libcudart.so.13, libcuda.so.1");
        await Refuses(wanted, message);
    }

    [Fact]
    public async Task A_named_cuda_device_may_be_driven_by_cuda_12()
    {
        _fake.WithBackends("cuda", "cuda12");
        _trials.Fails("cuda", "it crashed").Shows("cuda12", "CUDA0", "cuda");

        Assert.Equal("cuda12", (await Chooser.ChooseForDeviceAsync("cuda", Cancellation)).Backend);
    }

    [Fact]
    public async Task A_named_device_of_a_backend_that_we_do_not_bring_may_be_built_in()
    {
        // Whoever asks then sees which devices there are.
        Assert.Equal("cpu", (await Chooser.ChooseForDeviceAsync("gpu", Cancellation)).Backend);
        _trials.Shows("", "ROCm0", "rocm");
        Assert.Equal("rocm", (await Chooser.ChooseForDeviceAsync("rocm", Cancellation)).Backend);
    }

    [Fact]
    public async Task On_a_mac_metal_is_built_in()
    {
        _fake.Dispose();
        _fake = new FakeHost("mac-arm64");
        _trials.Shows("", "MTL0", "metal");
        foreach (var wanted in (string[])["auto", "metal"])
        {
            var choice = await Choose(wanted);
            Assert.Equal(("metal", null), (choice.Backend, choice.Plugin));
        }
        Assert.Equal("cpu", (await Choose("cpu")).Backend);
        Assert.Equal(["auto", "metal", "cpu"], BackendChooser.Allowed(_fake.Host));
    }

    [Fact]
    public async Task A_build_with_cuda_has_it_built_in_before_vulkan()
    {
        _fake.WithBackends("vulkan");
        _trials
            .Shows("", "CUDA0", "cuda")
            .Shows(
                "vulkan",
                (FakeTrials.Device("CUDA0", "cuda"), null),
                (FakeTrials.Device("Vulkan0", "vulkan"), null)
            );
        var choice = await Choose("auto");
        Assert.Equal(("cuda12", null), (choice.Backend, choice.Plugin));
        Assert.Equal("cuda12", (await Choose("cuda12")).Backend);
    }

    [Fact]
    public async Task Without_a_llama_cpp_there_is_nothing_to_choose()
    {
        _trials.Fails("", "cannot load /package/libllama.so");
        await Refuses("auto", "cannot load /package/libllama.so");
    }

    private Task<BackendChoice> Choose(string wanted) => Chooser.ChooseAsync(wanted, Cancellation);

    private async Task Refuses(string wanted, string message) =>
        Assert.Equal(
            message,
            (await Assert.ThrowsAsync<NativeLibraryException>(() => Choose(wanted))).Message
        );
}
