using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Doctor;
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
        using var fake = new FakeHost();
        var report = await Examine(fake, Linux(NewKernelFile), new FakeTrials());

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
        using var fake = new FakeHost();
        var report = await Examine(fake, Linux(OldKernelFile), new FakeTrials());
        Assert.Equal(("535.183.01", "/proc/driver/nvidia/version"), Driver(report));
        Assert.Equal("echorate backend add cuda12", Only(report).Remedy);
    }

    [Fact]
    public async Task A_driver_too_old_for_cuda_13_is_named_with_what_it_needs()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        var report = await Examine(fake, Linux(OldKernelFile), new FakeTrials());
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
        using var fake = new FakeHost();
        var view = Linux(null).Program("nvidia-smi", "470.256.02\n");
        var report = await Examine(fake, view, new FakeTrials());
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
        using var fake = new FakeHost().WithBackends("cuda");
        var report = await Examine(
            fake,
            Linux(NewKernelFile),
            new FakeTrials().Fails(
                "cuda",
                "/p/libggml-cuda.so does not open: missing: libcudart.so.13, libcublas.so.13"
            )
        );

        Assert.True(report.WouldRun);
        var cuda = report.Backends.Single(backend => backend.Name == "cuda");
        Assert.Equal(
            (
                true,
                false,
                "/p/libggml-cuda.so does not open: missing: libcudart.so.13, libcublas.so.13"
            ),
            (cuda.Installed, cuda.Works!.Value, cuda.Reason)
        );
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("cuda_runtime_missing", "cuda"), (finding.Code, finding.Backend));
        Assert.Contains("libcudart.so.13, libcublas.so.13", finding.Message);
        Assert.Contains("cuda-cudart-13-* and libcublas-13-*", finding.Remedy);
        Assert.EndsWith(
            $"; or put the files into {Path.GetDirectoryName(cuda.Where)}",
            finding.Remedy
        );
    }

    [Fact]
    public async Task A_card_that_works_is_told_with_its_memory_and_driver()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        var report = await Examine(
            fake,
            Linux(NewKernelFile).Adapter("10DE:2684", "nvidia"),
            new FakeTrials().Shows(
                "cuda",
                FakeTrials.Device("CUDA0", "cuda", description: "NVIDIA GeForce RTX 4090")
            )
        );

        Assert.Empty(report.Findings);
        Assert.Equal("cuda", report.Engine!.Backend);
        Assert.Equal("avx2/libggml-cpu.so", report.Engine.CpuLibrary);
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
        using var fake = new FakeHost();
        var report = await Examine(
            fake,
            Linux(null).Adapter("10DE:1B80", "nouveau"),
            new FakeTrials()
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
        using var fake = new FakeHost();
        var report = await Examine(
            fake,
            Linux(null).Adapter("1002:744C", "amdgpu"),
            new FakeTrials()
        );
        Assert.Equal("echorate backend add vulkan", Only(report).Remedy);
    }

    [Fact]
    public async Task A_vulkan_loader_without_a_device_is_told_with_the_drivers_that_are_registered()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        var report = await Examine(
            fake,
            Linux(null).File("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "{}"),
            new FakeTrials()
        );
        var finding = Assert.Single(report.Findings);
        Assert.Equal("vulkan_without_device", finding.Code);
        Assert.EndsWith("; registered drivers: lvp_icd.x86_64.json", finding.Message);
    }

    [Fact]
    public async Task A_missing_vulkan_loader_is_named_as_the_distribution_calls_it()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        var trials = new FakeTrials().Fails(
            "vulkan",
            "/p/libggml-vulkan.so does not open: libvulkan.so.1: cannot open shared object file: No such file or directory"
        );
        Assert.Equal(
            (
                "vulkan_loader_missing",
                "the system's loader does not find libvulkan.so.1",
                "install the Vulkan loader: apt install libvulkan1"
            ),
            Only(await Examine(fake, Linux(null), trials))
        );
        Assert.EndsWith(
            "dnf install vulkan-loader",
            Only(
                await Examine(fake, new FakeView().File("/etc/os-release", "ID=fedora"), trials)
            ).Remedy
        );
    }

    [Fact]
    public async Task A_vulkan_devices_driver_is_what_vulkaninfo_says_and_else_not_known()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        const string name = "llvmpipe (LLVM 15.0.6, 256 bits)";
        var trials = new FakeTrials().Shows(
            "vulkan",
            FakeTrials.Device("Vulkan0", "vulkan", description: name)
        );
        var summary =
            $"GPU0:\n\tdeviceName         = {name}\n\tdriverName         = llvmpipe\n\tdriverInfo         = Mesa 22.3.6 (LLVM 15.0.6)\n";

        var without = await Examine(fake, Linux(null), trials);
        var with = await Examine(fake, Linux(null).Program("vulkaninfo", summary), trials);

        Assert.Null(without.Devices[0].Driver);
        Assert.Equal("llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)", with.Devices[0].Driver);
    }

    [Fact]
    public async Task Windows_without_the_runtime_of_cuda_is_told_both_ways_to_it()
    {
        using var fake = new FakeHost(HostSystem.Windows).WithBackends("cuda12");
        var report = await Examine(
            fake,
            new FakeView().Program("nvidia-smi", "552.22\n"),
            new FakeTrials().Fails(
                "cuda12",
                "/p/ggml-cuda.dll does not open: missing: cudart64_12.dll, cublas64_12.dll"
            )
        );
        Assert.Equal("552.22", report.NvidiaDriver);
        var finding = Assert.Single(report.Findings);
        Assert.Equal("cuda_runtime_missing", finding.Code);
        Assert.Contains("cudart-llama-bin-win-cuda-12.*-x64.zip", finding.Remedy);
    }

    [Fact]
    public async Task A_card_for_which_a_library_has_no_code_is_told_of_the_other_library()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        var report = await Examine(
            fake,
            Linux(NewKernelFile),
            new FakeTrials().Fails(
                "cuda",
                "its library has no code for this card (CUDA error: no kernel image is available for execution on the device)"
            )
        );

        Assert.Equal("cpu", report.Engine!.Backend);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("no_code_for_card", "cuda"), (finding.Code, finding.Backend));
        Assert.Contains("echorate backend add cuda12", finding.Remedy);
    }

    [Fact]
    public async Task A_backend_that_computes_other_numbers_is_told_and_not_taken()
    {
        using var fake = new FakeHost().WithBackends("vulkan");
        var report = await Examine(
            fake,
            Linux(null),
            new FakeTrials().Shows(
                "vulkan",
                FakeTrials.Device("Vulkan0", "vulkan"),
                "it computes other numbers"
            )
        );

        Assert.Equal("cpu", report.Engine!.Backend);
        Assert.Equal(
            (
                "backend_broken",
                "vulkan: Vulkan0: it computes other numbers",
                "update the card's driver, or take another backend: --backend cpu"
            ),
            Only(report)
        );
    }

    [Fact]
    public async Task A_machine_for_which_nothing_is_built_runs_on_the_cpu_alone()
    {
        using var fake = new FakeHost(HostSystem.Other);
        var report = await Examine(fake, new FakeView(), new FakeTrials());
        Assert.True(report.WouldRun);
        Assert.Empty(report.Backends);
        Assert.Equal(["CPU"], report.Devices.Select(device => device.Name));
    }

    [Fact]
    public async Task A_machine_whose_llama_cpp_does_not_load_cannot_run_and_says_why()
    {
        using var fake = new FakeHost();
        var report = await Examine(
            fake,
            Linux(null),
            new FakeTrials().Fails("", "cannot load /package/libllama.so: libgomp.so.1")
        );
        Assert.False(report.WouldRun);
        Assert.Equal("cannot load /package/libllama.so: libgomp.so.1", report.Failure);
        Assert.Null(report.Engine);
        Assert.Empty(report.Devices);
    }

    private static FakeView Linux(string? kernelFile)
    {
        var view = new FakeView().File("/etc/os-release", DebianWords);
        return kernelFile is null ? view : view.File("/proc/driver/nvidia/version", kernelFile);
    }

    private static Task<DoctorReport> Examine(FakeHost fake, FakeView view, FakeTrials trials) =>
        new HostDoctor(fake.Host, view, fake.Store, trials).ExamineAsync(Cancellation);

    private static (string?, string?) Driver(DoctorReport report) =>
        (report.NvidiaDriver, report.NvidiaDriverSource);

    private static (string Code, string Message, string? Remedy) Only(DoctorReport report)
    {
        var finding = Assert.Single(report.Findings);
        return (finding.Code, finding.Message, finding.Remedy);
    }
}
