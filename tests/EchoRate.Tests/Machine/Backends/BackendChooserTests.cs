using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

public class BackendChooserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Auto_takes_the_first_backend_that_works_and_says_why_not_a_better_one()
    {
        using var fake = new FakeHost().WithBackends("cuda", "cuda12", "vulkan");
        var trials = new FakeTrials()
            .Fails("cuda", "its library has no code for this card")
            .Shows("cuda12", FakeTrials.Device("CUDA0", "cuda"))
            .Shows("vulkan", FakeTrials.Device("Vulkan0", "vulkan"));

        var choice = await Choose(fake, trials, "auto");

        Assert.Equal("cuda12", choice.Backend);
        Assert.EndsWith(Path.Combine("cuda12", "libggml-cuda.so"), choice.Plugin);
        Assert.Equal(2, choice.Facts.Report.Devices.Count);
        Assert.Equal(
            ["the backend cuda does not work here: its library has no code for this card"],
            choice.PassedOver
        );
        Assert.Equal(["cuda", "cuda12"], trials.Asked);
    }

    [Fact]
    public async Task Auto_takes_the_cpu_where_no_gpu_works()
    {
        using var fake = new FakeHost().WithBackends("cuda", "vulkan");
        var trials = new FakeTrials()
            .Fails("cuda", "it crashed")
            .Shows("vulkan", FakeTrials.Device("Vulkan0", "vulkan"), "it computes other numbers");

        var choice = await Choose(fake, trials, "auto");

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
        using var fake = new FakeHost().WithBackends("cuda");
        var trials = new FakeTrials().ShowsTwo(
            "cuda",
            FakeTrials.Device("CUDA0", "cuda"),
            FakeTrials.Device("CUDA1", "cuda"),
            "logits differ"
        );

        var choice = await Choose(fake, trials, "cuda");

        Assert.Equal(["CUDA0", "CPU"], choice.Facts.Report.Devices.Select(device => device.Name));
        Assert.Equal(["CUDA1 is left out: logits differ"], choice.PassedOver);
    }

    [Theory]
    [InlineData("auto")]
    [InlineData("cpu")]
    public async Task A_machine_without_backends_asks_once(string wanted)
    {
        using var fake = new FakeHost();
        var trials = new FakeTrials();
        Assert.Equal("cpu", (await Choose(fake, trials, wanted)).Backend);
        Assert.All(trials.Asked, asked => Assert.Equal("", asked));
    }

    [Fact]
    public async Task The_cpu_is_taken_where_it_is_asked_for_though_a_gpu_works()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        var trials = new FakeTrials().Shows("vulkan", FakeTrials.Device("Vulkan0", "vulkan"));
        var choice = await Choose(fake, trials, "cpu");
        Assert.Equal(("cpu", null), (choice.Backend, choice.Plugin));
        Assert.Equal([""], trials.Asked);
    }

    [Fact]
    public async Task A_backend_that_is_not_installed_is_one_line_with_the_way_to_it()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        await Refuses(
            fake,
            new FakeTrials(),
            "vulkan",
            "the backend vulkan is not installed (installed: cuda): echorate backend add vulkan downloads it (26 MB)"
        );
    }

    [Fact]
    public async Task A_backend_that_does_not_work_is_one_line_with_the_reason()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        await Refuses(
            fake,
            new FakeTrials().Fails("cuda", "missing: libcudart.so.13, libcuda.so.1"),
            "cuda",
            "the backend cuda does not work here: missing: libcudart.so.13, libcuda.so.1; `echorate doctor` says what to do, --backend auto takes what works"
        );
    }

    [Fact]
    public async Task A_backend_of_another_platform_is_one_line()
    {
        using var fake = new FakeHost(HostSystem.MacOS, Architecture.Arm64);
        await Refuses(
            fake,
            new FakeTrials(),
            "cuda",
            "there is no backend cuda for mac-arm64; --backend auto takes what works"
        );
    }

    [Fact]
    public async Task A_named_cuda_device_may_be_driven_by_cuda_12()
    {
        using var fake = new FakeHost().WithBackends("cuda", "cuda12");
        var trials = new FakeTrials()
            .Fails("cuda", "it crashed")
            .Shows("cuda12", FakeTrials.Device("CUDA0", "cuda"));

        var choice = await new BackendChooser(fake.Host, fake.Store, trials).ChooseForDeviceAsync(
            "cuda",
            Cancellation
        );

        Assert.Equal("cuda12", choice.Backend);
    }

    [Fact]
    public async Task A_named_device_of_a_backend_that_we_do_not_bring_may_be_built_in()
    {
        using var fake = new FakeHost();
        var trials = new FakeTrials();
        var chooser = new BackendChooser(fake.Host, fake.Store, trials);

        // Whoever asks then sees which devices there are.
        Assert.Equal("cpu", (await chooser.ChooseForDeviceAsync("gpu", Cancellation)).Backend);
        trials.Shows("", FakeTrials.Device("ROCm0", "rocm"));
        Assert.Equal("rocm", (await chooser.ChooseForDeviceAsync("rocm", Cancellation)).Backend);
    }

    [Fact]
    public async Task On_a_mac_metal_is_built_in()
    {
        using var fake = new FakeHost(HostSystem.MacOS, Architecture.Arm64);
        var trials = new FakeTrials().Shows("", FakeTrials.Device("MTL0", "metal"));
        foreach (var wanted in (string[])["auto", "metal"])
        {
            var choice = await Choose(fake, trials, wanted);
            Assert.Equal(("metal", null), (choice.Backend, choice.Plugin));
        }
        Assert.Equal("cpu", (await Choose(fake, trials, "cpu")).Backend);
        Assert.Equal(["auto", "metal", "cpu"], BackendChooser.Allowed(fake.Host));
    }

    [Fact]
    public async Task A_build_with_cuda_has_it_built_in_before_vulkan()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        var trials = new FakeTrials()
            .Shows("", FakeTrials.Device("CUDA0", "cuda"))
            .Shows("vulkan", FakeTrials.Device("Vulkan0", "vulkan"));
        var choice = await Choose(fake, trials, "auto");
        Assert.Equal(("cuda12", null), (choice.Backend, choice.Plugin));
        Assert.Equal("cuda12", (await Choose(fake, trials, "cuda12")).Backend);
    }

    [Fact]
    public async Task Without_a_llama_cpp_there_is_nothing_to_choose()
    {
        using var fake = new FakeHost();
        await Refuses(
            fake,
            new FakeTrials().Fails("", "cannot load /package/libllama.so"),
            "auto",
            "cannot load /package/libllama.so"
        );
    }

    private static Task<BackendChoice> Choose(FakeHost fake, FakeTrials trials, string wanted) =>
        new BackendChooser(fake.Host, fake.Store, trials).ChooseAsync(wanted, Cancellation);

    private static async Task Refuses(
        FakeHost fake,
        FakeTrials trials,
        string wanted,
        string message
    ) =>
        Assert.Equal(
            message,
            (
                await Assert.ThrowsAsync<NativeLibraryException>(() => Choose(fake, trials, wanted))
            ).Message
        );
}
