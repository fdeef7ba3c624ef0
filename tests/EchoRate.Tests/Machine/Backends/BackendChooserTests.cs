using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine.Backends;

public class BackendChooserTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Auto_takes_the_best_installed_backend_that_shows_a_gpu()
    {
        using var fake = new FakeHost()
            .WithPackages("linux-x64", "linux-x64-cuda", "linux-x64-vulkan")
            .WithCuda12();
        var probe = new FakeProbe()
            .Shows("cuda12", FakeProbe.Device("CUDA0", "cuda"))
            .Shows("vulkan", FakeProbe.Device("Vulkan0", "vulkan"));

        var choice = await Choose(fake, probe, "auto");

        Assert.Equal("cuda12", choice.Backend);
        Assert.EndsWith("linux-x64-cuda12-3.21.1", choice.Libraries.Directory);
        Assert.Equal(2, choice.Facts!.Report.Devices.Count);
        // CUDA 13 was tried first, Vulkan not any more.
        Assert.Equal(2, probe.Looked.Count);
    }

    [Fact]
    public async Task Auto_takes_the_cpu_where_no_backend_shows_a_gpu()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-cuda");
        var choice = await Choose(fake, new FakeProbe().Fails("cuda", "it crashed"), "auto");
        Assert.Equal("cpu", choice.Backend);
        Assert.EndsWith(Path.Combine("bins", "linux-x64"), choice.Libraries.Directory);
    }

    [Fact]
    public async Task A_backend_that_is_not_installed_is_one_line_with_the_way_to_it()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        await Refuses(
            fake,
            new FakeProbe(),
            "vulkan",
            "the backend vulkan is not installed (installed: cpu): echorate backend add vulkan downloads it (27 MB)"
        );
    }

    [Fact]
    public async Task A_backend_that_shows_no_device_is_one_line_with_the_reason()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-cuda");
        await Refuses(
            fake,
            new FakeProbe().Lacks("libggml-cuda.so", "libcudart.so.13", "libcuda.so.1"),
            "cuda",
            "the backend cuda does not work here: missing: libcudart.so.13, libcuda.so.1; `echorate doctor` says what to do, --backend auto takes what works"
        );
    }

    [Fact]
    public async Task A_folder_that_somebody_names_is_taken_and_its_devices_say_what_it_is()
    {
        using var fake = OwnFolder("libggml-vulkan.so");
        var probe = new FakeProbe().Shows("own", FakeProbe.Device("Vulkan0", "vulkan"));

        Assert.Equal("vulkan", (await Choose(fake, probe, "auto")).Backend);
        Assert.Equal("vulkan", (await Choose(fake, probe, "vulkan")).Backend);
        Assert.Equal("cpu", (await Choose(fake, probe, "cpu")).Backend);
        await Refuses(
            fake,
            probe,
            "cuda",
            $"no device for the backend cuda in {fake.In("own")}: there is no libggml-cuda.so in {fake.In("own")}; `echorate doctor` says more, --backend auto takes what works"
        );
        Assert.Contains("metal", BackendChooser.Allowed(fake.Host));
    }

    [Fact]
    public async Task A_folder_with_backends_that_we_do_not_bring_is_taken_too()
    {
        using var fake = OwnFolder("libggml-hip.so");
        var probe = new FakeProbe().Shows("own", FakeProbe.Device("ROCm0", "rocm"));
        Assert.Equal("rocm", (await Choose(fake, probe, "auto")).Backend);
    }

    [Fact]
    public async Task A_named_cuda_device_may_be_driven_by_cuda_12()
    {
        using var fake = new FakeHost().WithPackages("linux-x64").WithCuda12();
        var probe = new FakeProbe().Shows("cuda12", FakeProbe.Device("CUDA0", "cuda"));
        var chooser = new BackendChooser(fake.Host, InstalledHost.Store(fake), probe);

        var choice = await chooser.ChooseForDeviceAsync("cuda", null, Cancellation);

        Assert.Equal("cuda12", choice.Backend);
    }

    [Fact]
    public async Task Looking_without_fetching_finds_nothing_on_a_new_machine()
    {
        using var fake = new FakeHost();
        var chooser = new BackendChooser(fake.Host, InstalledHost.Store(fake), new FakeProbe());
        Assert.Null(await chooser.ChooseInstalledAsync(Cancellation));
    }

    [Fact]
    public async Task On_a_mac_metal_lies_in_the_package_that_comes_unasked()
    {
        using var fake = new FakeHost(
            HostSystem.MacOS,
            System.Runtime.InteropServices.Architecture.Arm64
        ).WithPackages("mac-arm64-metal");
        var probe = new FakeProbe().Shows("metal", FakeProbe.Device("MTL0", "metal"));
        Assert.Equal("metal", (await Choose(fake, probe, "auto")).Backend);
        Assert.Equal(["auto", "metal", "cpu"], BackendChooser.Allowed(fake.Host));
    }

    private static FakeHost OwnFolder(string plugin)
    {
        var fake = new FakeHost();
        fake.Libraries("own", "libggml-base.so", "libggml.so", "libllama.so", plugin);
        return fake.With(LlamaLocator.FolderVariable, fake.In("own"));
    }

    private static Task<BackendChoice> Choose(FakeHost fake, FakeProbe probe, string wanted) =>
        new BackendChooser(fake.Host, InstalledHost.Store(fake), probe).ChooseAsync(
            wanted,
            null,
            Cancellation
        );

    private static async Task Refuses(
        FakeHost fake,
        FakeProbe probe,
        string wanted,
        string message
    ) =>
        Assert.Equal(
            message,
            (
                await Assert.ThrowsAsync<NativeLibraryException>(() => Choose(fake, probe, wanted))
            ).Message
        );
}
