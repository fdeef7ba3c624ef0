using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Doctor;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;
using EchoRate.Tests.Machine.Backends;

namespace EchoRate.Tests.Machine.Doctor;

/// <summary>Machines that nobody here has.</summary>
public class HostDoctorTests
{
    private const string DebianWords = "ID=ubuntu\nID_LIKE=debian\n";

    // As drivers 535 and 580 print it.
    private const string OldKernelFile =
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version:  gcc version 12.2.0";

    private const string NewKernelFile =
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22)\nGCC version:  gcc version 12.2.0";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_driver_without_a_cuda_backend_is_told_how_to_get_one()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var report = await Examine(fake, Linux(NewKernelFile), new FakeProbe());

        Assert.True(report.WouldRun);
        Assert.Equal(("580.65.06", "/proc/driver/nvidia/version"), Driver(report));
        Assert.Equal("cpu", report.Engine!.Backend);
        Assert.Equal(
            (
                "cuda_backend_not_installed",
                "NVIDIA's driver is 580.65.06 and the backend cuda is not installed",
                "echorate backend add cuda"
            ),
            Only(report)
        );
    }

    [Fact]
    public async Task An_older_driver_is_told_of_cuda_12()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var report = await Examine(fake, Linux(OldKernelFile), new FakeProbe());
        Assert.Equal(("535.183.01", "/proc/driver/nvidia/version"), Driver(report));
        Assert.Equal("echorate backend add cuda12", Only(report).Remedy);
    }

    [Fact]
    public async Task A_driver_too_old_for_cuda_13_is_named_with_what_it_needs()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-cuda");
        var report = await Examine(fake, Linux(OldKernelFile), new FakeProbe());
        Assert.Equal(
            (
                "nvidia_driver_too_old",
                "NVIDIA's driver is 535.183.01: CUDA 13 needs 580 or newer",
                "update the driver, or: echorate backend add cuda12"
            ),
            Only(report)
        );
    }

    [Fact]
    public async Task A_driver_too_old_for_any_cuda_is_to_be_updated()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var view = Linux(null).Program("nvidia-smi", "470.256.02\n");
        var report = await Examine(fake, view, new FakeProbe());
        Assert.Equal(("470.256.02", "nvidia-smi"), Driver(report));
        Assert.Equal(
            (
                "nvidia_driver_too_old",
                "NVIDIA's driver is 470.256.02: CUDA 13 needs 580 or newer, CUDA 12 525 or newer",
                "update the driver"
            ),
            Only(report)
        );
    }

    [Fact]
    public async Task A_driver_without_the_runtime_of_cuda_names_what_is_missing_and_who_brings_it()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-cuda");
        var report = await Examine(
            fake,
            Linux(NewKernelFile),
            new FakeProbe().Lacks("libggml-cuda.so", "libcudart.so.13", "libcublas.so.13")
        );

        Assert.True(report.WouldRun);
        var cuda = report.Backends.Single(backend => backend.Name == "cuda");
        Assert.Equal(
            (true, false, "missing: libcudart.so.13, libcublas.so.13"),
            (cuda.Installed, cuda.Works!.Value, cuda.Reason)
        );
        Assert.Equal(["libcudart.so.13", "libcublas.so.13"], cuda.Missing);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("cuda_runtime_missing", "cuda"), (finding.Code, finding.Backend));
        Assert.Contains("libcudart.so.13, libcublas.so.13", finding.Message);
        Assert.Contains("cuda-cudart-13-* and libcublas-13-*", finding.Remedy);
        Assert.EndsWith($"; or put the files into {cuda.Where}", finding.Remedy);
    }

    [Fact]
    public async Task A_card_that_works_is_told_with_its_memory_and_driver()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-cuda");
        var report = await Examine(
            fake,
            Linux(NewKernelFile).Adapter("10DE:2684", "nvidia"),
            new FakeProbe().Shows(
                "linux-x64-cuda",
                FakeProbe.Device("CUDA0", "cuda", description: "NVIDIA GeForce RTX 4090")
            )
        );

        Assert.Empty(report.Findings);
        Assert.Equal("cuda", report.Engine!.Backend);
        Assert.Equal("libggml-cpu-zen4.so", report.Engine.CpuLibrary);
        Assert.Equal(["CUDA0", "CPU"], report.Devices.Select(device => device.Name));
        Assert.Equal(
            new ExaminedDevice(
                "CUDA0",
                "NVIDIA GeForce RTX 4090",
                "cuda",
                DeviceKind.Gpu,
                7L << 30,
                8L << 30,
                "NVIDIA 580.65.06"
            ),
            report.Devices[0]
        );
        Assert.Equal([new GraphicsAdapter("NVIDIA", "nvidia")], report.Adapters);
    }

    [Fact]
    public async Task A_card_held_by_another_driver_needs_nvidias()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var report = await Examine(
            fake,
            Linux(null).Adapter("10DE:1B80", "nouveau"),
            new FakeProbe()
        );
        Assert.Null(report.NvidiaDriver);
        Assert.Equal(
            (
                "nvidia_driver_missing",
                "there is an NVIDIA adapter without NVIDIA's driver (nouveau holds it)",
                "install NVIDIA's driver; CUDA needs it"
            ),
            Only(report)
        );
    }

    [Fact]
    public async Task A_card_of_amd_is_told_of_vulkan()
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var report = await Examine(
            fake,
            Linux(null).Adapter("1002:744C", "amdgpu"),
            new FakeProbe()
        );
        Assert.Equal("echorate backend add vulkan", Only(report).Remedy);
    }

    [Fact]
    public async Task A_vulkan_loader_without_a_device_is_told_with_the_drivers_that_are_registered()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-vulkan");
        var report = await Examine(
            fake,
            Linux(null).File("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "{}"),
            new FakeProbe()
        );
        var finding = Assert.Single(report.Findings);
        Assert.Equal("vulkan_without_device", finding.Code);
        Assert.EndsWith("; registered drivers: lvp_icd.x86_64.json", finding.Message);
    }

    [Fact]
    public async Task A_missing_vulkan_loader_is_named_as_the_distribution_calls_it()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-vulkan");
        var probe = new FakeProbe().Lacks("libggml-vulkan.so", "libvulkan.so.1");
        Assert.Equal(
            (
                "vulkan_loader_missing",
                "the system's loader does not find libvulkan.so.1",
                "install the Vulkan loader: apt install libvulkan1"
            ),
            Only(await Examine(fake, Linux(null), probe))
        );
        Assert.EndsWith(
            "dnf install vulkan-loader",
            Only(
                await Examine(fake, new FakeView().File("/etc/os-release", "ID=fedora"), probe)
            ).Remedy
        );
    }

    [Fact]
    public async Task A_vulkan_devices_driver_is_what_vulkaninfo_says_and_else_not_known()
    {
        using var fake = new FakeHost().WithPackages("linux-x64", "linux-x64-vulkan");
        const string name = "llvmpipe (LLVM 15.0.6, 256 bits)";
        var probe = new FakeProbe().Shows(
            "vulkan",
            FakeProbe.Device("Vulkan0", "vulkan", description: name)
        );
        var summary =
            $"GPU0:\n\tdeviceName         = {name}\n\tdriverName         = llvmpipe\n\tdriverInfo         = Mesa 22.3.6 (LLVM 15.0.6)\n";

        var without = await Examine(fake, Linux(null), probe);
        var with = await Examine(fake, Linux(null).Program("vulkaninfo", summary), probe);

        Assert.Null(without.Devices[0].Driver);
        Assert.Equal("llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)", with.Devices[0].Driver);
    }

    [Fact]
    public async Task Windows_without_the_runtime_of_visual_c_cannot_run_and_is_told_what_to_install()
    {
        using var fake = new FakeHost(HostSystem.Windows).WithPackages("win-x64");
        var report = await Examine(
            fake,
            new FakeView(),
            new FakeProbe()
                .Fails("win-x64", "cannot load ggml-base.dll: 0x8007007E")
                .Lacks("ggml-base.dll", "MSVCP140.dll", "VCRUNTIME140.dll")
                .Lacks("llama.v0.4.0.dll", "MSVCP140.dll", "VCRUNTIME140_1.dll")
        );

        Assert.False(report.WouldRun);
        Assert.Equal("missing: MSVCP140.dll, VCRUNTIME140.dll, VCRUNTIME140_1.dll", report.Failure);
        Assert.Null(report.Engine);
        Assert.Equal(
            (
                "runtime_library_missing",
                "the system's loader does not find MSVCP140.dll, VCRUNTIME140.dll, VCRUNTIME140_1.dll",
                "install Microsoft's Visual C++ Redistributable: winget install Microsoft.VCRedist.2015+.x64"
            ),
            Only(report)
        );
        // What only Linux shows is not known here, and nothing is guessed.
        Assert.Null(report.Adapters);
        Assert.Null(report.VulkanDrivers);
    }

    [Fact]
    public async Task Windows_without_the_runtime_of_cuda_is_told_both_ways_to_it()
    {
        using var fake = new FakeHost(HostSystem.Windows).WithPackages("win-x64").WithCuda12();
        var report = await Examine(
            fake,
            new FakeView().Program("nvidia-smi", "552.22\n"),
            new FakeProbe().Lacks("ggml-cuda.dll", "cudart64_12.dll", "cublas64_12.dll")
        );
        Assert.Equal("552.22", report.NvidiaDriver);
        var finding = Assert.Single(report.Findings);
        Assert.Equal("cuda_runtime_missing", finding.Code);
        Assert.Contains("cudart-llama-bin-win-cuda-12.*-x64.zip", finding.Remedy);
    }

    [Fact]
    public async Task Of_somebodys_own_folder_the_backends_that_lie_in_it_are_examined()
    {
        using var fake = new FakeHost();
        fake.Libraries(
            "own",
            "libggml-base.so",
            "libggml.so",
            "libllama.so",
            "libggml-cuda.so",
            "libggml-cpu-x64.so"
        );
        fake.With(LlamaLocator.FolderVariable, fake.In("own"));
        var report = await Examine(
            fake,
            Linux(NewKernelFile),
            new FakeProbe().Lacks("libggml-cuda.so", "libcublas.so.13")
        );

        Assert.Equal(["cuda", "cpu"], report.Backends.Select(backend => backend.Name));
        Assert.Equal(("cpu", "variable"), (report.Engine!.Backend, report.Engine.Source));
        Assert.Equal("cuda_runtime_missing", Only(report).Code);
    }

    [Fact]
    public async Task A_machine_for_which_nothing_is_built_cannot_run()
    {
        using var fake = new FakeHost(HostSystem.Other);
        var report = await Examine(fake, new FakeView(), new FakeProbe());
        Assert.False(report.WouldRun);
        Assert.StartsWith("unsupported platform: ", report.Failure);
    }

    [Fact]
    public async Task A_machine_without_libraries_and_npm_cannot_run_and_says_why()
    {
        using var fake = new FakeHost();
        var report = await Examine(fake, Linux(null), new FakeProbe());
        Assert.False(report.WouldRun);
        Assert.StartsWith("no npm on PATH", report.Failure);
    }

    // A build with the second engine, which measures there where nobody says otherwise.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_engine_with_libraries_of_its_own_tells_what_it_took_and_decides_where_it_is_the_default(
        bool isLoaded
    )
    {
        using var fake = new FakeHost().WithPackages("linux-x64");
        var probe = new FakeProbe();
        probe.Engines["llamasharp"] = isLoaded
            ? new FolderAnswer(
                new EngineFacts
                {
                    Name = "llamasharp",
                    Version = "b1",
                    Report = new EngineReport
                    {
                        LibraryFolder = "/package",
                        CpuLibrary = "libggml-cpu-zen4.so",
                        Devices = [FakeProbe.Cpu],
                        Notes = ["LLamaSharp took /package/libllama.so", "CUDA: no package"],
                    },
                },
                null
            )
            : new FolderAnswer(null, "no libllama");

        var report = await new HostDoctor(
            fake.Host,
            Linux(null),
            InstalledHost.Store(fake),
            probe,
            ["llamasharp"],
            "llamasharp"
        ).ExamineAsync(null, Cancellation);

        var engine = Assert.Single(report.PackagedEngines);
        Assert.Equal(isLoaded ? "/package" : null, engine.LibraryFolder);
        Assert.Equal(isLoaded ? 2 : 0, engine.Notes.Count);
        Assert.Equal(isLoaded, report.WouldRun);
        Assert.Equal(isLoaded ? null : "no libllama", report.Failure);
        Assert.Equal("cpu", report.Engine!.Backend);
    }

    private static FakeView Linux(string? kernelFile)
    {
        var view = new FakeView().File("/etc/os-release", DebianWords);
        return kernelFile is null ? view : view.File("/proc/driver/nvidia/version", kernelFile);
    }

    private static Task<DoctorReport> Examine(FakeHost fake, FakeView view, FakeProbe probe) =>
        new HostDoctor(fake.Host, view, InstalledHost.Store(fake), probe).ExamineAsync(
            null,
            Cancellation
        );

    private static (string?, string?) Driver(DoctorReport report) =>
        (report.NvidiaDriver, report.NvidiaDriverSource);

    private static (string Code, string Message, string? Remedy) Only(DoctorReport report)
    {
        var finding = Assert.Single(report.Findings);
        return (finding.Code, finding.Message, finding.Remedy);
    }
}
