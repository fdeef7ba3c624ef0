using EchoRate.Machine.Doctor;
using EchoRate.Machine.Host;
using EchoRate.Tests.Machine.Backends;

namespace EchoRate.Tests.Machine.Doctor;

/// <summary>Machines that nobody here has.</summary>
public sealed class HostDoctorTests : IDisposable
{
    private const string KernelFile = "/proc/driver/nvidia/version";

    // As drivers 535 and 580 print it.
    private const string OldDriver =
        "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.183.01  Sun May 12 19:39:15 UTC 2024\nGCC version:  gcc version 12.2.0";

    private const string NewDriver =
        "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build  (dvs-builder@U22)\nGCC version:  gcc version 12.2.0";

    private readonly FakeTrials _trials = new();
    private readonly FakeView _view = new();
    private FakeHost _fake = new();

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData(
        NewDriver,
        "580.65.06",
        "",
        "cuda_backend_not_installed",
        "NVIDIA's driver is 580.65.06 and the backend cuda is not installed",
        "echorate backend add cuda"
    )]
    [InlineData(
        OldDriver,
        "535.183.01",
        "",
        "cuda_backend_not_installed",
        "NVIDIA's driver is 535.183.01 and the backend cuda12 is not installed",
        "echorate backend add cuda12"
    )]
    [InlineData(
        OldDriver,
        "535.183.01",
        "cuda",
        "nvidia_driver_too_old",
        "NVIDIA's driver is 535.183.01: CUDA 13 needs 580 or newer",
        "update the driver, or: echorate backend add cuda12"
    )]
    public async Task A_driver_is_told_which_backend_it_is_for(
        string kernelFile,
        string version,
        string installed,
        string code,
        string message,
        string remedy
    )
    {
        _fake.WithBackends(installed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        _view.File(KernelFile, kernelFile);

        var report = await Examine();

        Assert.True(report.WouldRun);
        Assert.Equal("cpu", report.Engine!.Backend);
        Assert.Equal((version, KernelFile), (report.NvidiaDriver, report.NvidiaDriverSource));
        Assert.Equal((code, message, remedy), Only(report));
    }

    [Fact]
    public async Task A_driver_too_old_for_any_cuda_is_to_be_updated()
    {
        _view.Program("nvidia-smi", "470.256.02\n");
        var report = await Examine();
        Assert.Equal(
            ("470.256.02", "nvidia-smi"),
            (report.NvidiaDriver, report.NvidiaDriverSource)
        );
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
        const string reason =
            "/p/libggml-cuda.so does not open: missing: libcudart.so.13, libcublas.so.13";
        _fake.WithBackends("cuda");
        _view.File(KernelFile, NewDriver);
        _trials.Fails("cuda", reason);

        var report = await Examine();

        Assert.True(report.WouldRun);
        var cuda = report.Backends.Single(backend => backend.Name == "cuda");
        Assert.Equal((true, false, reason), (cuda.Installed, cuda.Works!.Value, cuda.Reason));
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
        const string name = "NVIDIA GeForce RTX 4090";
        _fake.WithBackends("cuda");
        _view.File(KernelFile, NewDriver).Adapter("10DE:2684", "nvidia");
        _trials.Shows("cuda", (FakeTrials.Device("CUDA0", "cuda", description: name), null));

        var report = await Examine();

        Assert.Empty(report.Findings);
        Assert.Equal("cuda", report.Engine!.Backend);
        Assert.Equal("avx2/libggml-cpu.so", report.Engine.CpuLibrary);
        Assert.Equal(["CUDA0", "CPU"], report.Devices.Select(device => device.Name));
        Assert.Equal(
            new("CUDA0", name, "cuda", DeviceKind.Gpu, 7L << 30, 8L << 30, "NVIDIA 580.65.06"),
            report.Devices[0]
        );
        Assert.Equal([new GraphicsAdapter("NVIDIA", "nvidia")], report.Adapters);
        Assert.Equal(0.01, report.Backends[0].LargestDifference);
    }

    [Theory]
    [InlineData(
        "10DE:1B80",
        "nouveau",
        "nvidia_driver_missing",
        "there is an NVIDIA adapter without NVIDIA's driver (nouveau holds it)",
        "install NVIDIA's driver; CUDA needs it"
    )]
    [InlineData(
        "1002:744C",
        "amdgpu",
        "vulkan_backend_not_installed",
        "there is a graphics adapter of AMD, and the backend vulkan is not installed",
        "echorate backend add vulkan"
    )]
    public async Task A_card_without_a_backend_is_told_what_it_needs(
        string id,
        string driver,
        string code,
        string message,
        string remedy
    )
    {
        _view.Adapter(id, driver);
        Assert.Equal((code, message, remedy), Only(await Examine()));
    }

    [Fact]
    public async Task A_vulkan_loader_without_a_device_is_told_with_the_drivers_that_are_registered()
    {
        _fake.WithBackends("vulkan");
        _view.File("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "{}");
        var (code, message, _) = Only(await Examine());
        Assert.Equal("vulkan_without_device", code);
        Assert.EndsWith("; registered drivers: lvp_icd.x86_64.json", message);
    }

    [Fact]
    public async Task A_missing_vulkan_loader_is_named_with_the_packages_that_bring_it()
    {
        _fake.WithBackends("vulkan");
        _trials.Fails(
            "vulkan",
            "/p/libggml-vulkan.so does not open: libvulkan.so.1: cannot open shared object file: No such file or directory"
        );
        Assert.Equal(
            (
                "vulkan_loader_missing",
                "the system's loader does not find libvulkan.so.1",
                "install the Vulkan loader: apt install libvulkan1, dnf install vulkan-loader, or pacman -S vulkan-icd-loader"
            ),
            Only(await Examine())
        );
    }

    [Fact]
    public async Task A_vulkan_devices_driver_is_what_vulkaninfo_says_and_else_not_known()
    {
        const string name = "llvmpipe (LLVM 15.0.6, 256 bits)";
        _fake.WithBackends("vulkan");
        _trials.Shows("vulkan", (FakeTrials.Device("Vulkan0", "vulkan", description: name), null));
        Assert.Null((await Examine()).Devices[0].Driver);

        _view.Program(
            "vulkaninfo",
            $"GPU0:\n\tdeviceName         = {name}\n\tdriverName         = llvmpipe\n\tdriverInfo         = Mesa 22.3.6 (LLVM 15.0.6)\n"
        );

        Assert.Equal("llvmpipe, Mesa 22.3.6 (LLVM 15.0.6)", (await Examine()).Devices[0].Driver);
    }

    [Fact]
    public async Task Windows_without_the_runtime_of_cuda_is_told_both_ways_to_it()
    {
        On(HostSystem.Windows).WithBackends("cuda12");
        _view.Program("nvidia-smi", "552.22\n");
        _trials.Fails(
            "cuda12",
            "/p/ggml-cuda.dll does not open: missing: cudart64_12.dll, cublas64_12.dll"
        );

        var report = await Examine();

        Assert.Equal("552.22", report.NvidiaDriver);
        var (code, _, remedy) = Only(report);
        Assert.Equal("cuda_runtime_missing", code);
        Assert.Contains("cudart-llama-bin-win-cuda-12.*-x64.zip", remedy);
    }

    [Fact]
    public async Task A_card_for_which_a_library_has_no_code_is_told_of_the_other_library()
    {
        _fake.WithBackends("cuda");
        _view.File(KernelFile, NewDriver);
        _trials.Fails(
            "cuda",
            "its library has no code for this card (CUDA error: no kernel image is available for execution on the device)"
        );

        var report = await Examine();

        Assert.Equal("cpu", report.Engine!.Backend);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("no_code_for_card", "cuda"), (finding.Code, finding.Backend));
        Assert.Contains("echorate backend add cuda12", finding.Remedy);
    }

    [Fact]
    public async Task A_backend_that_computes_other_numbers_is_told_and_not_taken()
    {
        _fake.WithBackends("vulkan");
        _trials.Shows("vulkan", "Vulkan0", "vulkan", "it computes other numbers");

        var report = await Examine();

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
        On(HostSystem.Other);
        var report = await Examine();
        Assert.True(report.WouldRun);
        Assert.Empty(report.Backends);
        Assert.Equal(["CPU"], report.Devices.Select(device => device.Name));
    }

    [Fact]
    public async Task A_machine_whose_llama_cpp_does_not_load_cannot_run_and_says_why()
    {
        _trials.Fails("", "cannot load /package/libllama.so: libgomp.so.1");
        var report = await Examine();
        Assert.False(report.WouldRun);
        Assert.Equal("cannot load /package/libllama.so: libgomp.so.1", report.Failure);
        Assert.Null(report.Engine);
        Assert.Empty(report.Devices);
    }

    private FakeHost On(HostSystem system)
    {
        _fake.Dispose();
        return _fake = new FakeHost(system);
    }

    private Task<DoctorReport> Examine() =>
        new HostDoctor(_fake.Host, _view, _fake.Store, _trials).ExamineAsync(
            TestContext.Current.CancellationToken
        );

    private static (string Code, string Message, string? Remedy) Only(DoctorReport report)
    {
        var finding = Assert.Single(report.Findings);
        return (finding.Code, finding.Message, finding.Remedy);
    }
}
