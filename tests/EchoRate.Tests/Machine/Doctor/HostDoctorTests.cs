using EchoRate.Machine.Doctor;
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

    // What is installed and why it fails, what the system says of NVIDIA's driver and of an adapter; the finding, and how its message and remedy end.
    [Theory]
    [InlineData(
        "",
        "",
        NewDriver,
        "cuda_backend_not_installed",
        "NVIDIA's driver is 580.65.06 and the backend cuda is not installed",
        "echorate backend add cuda"
    )]
    [InlineData(
        "",
        "",
        OldDriver,
        "cuda_backend_not_installed",
        "NVIDIA's driver is 535.183.01 and the backend cuda12 is not installed",
        "echorate backend add cuda12"
    )]
    [InlineData(
        "cuda",
        "",
        OldDriver,
        "nvidia_driver_too_old",
        "NVIDIA's driver is 535.183.01: CUDA 13 needs 580 or newer",
        "update the driver, or: echorate backend add cuda12"
    )]
    [InlineData(
        "",
        "",
        "nvidia-smi 470.256.02",
        "nvidia_driver_too_old",
        "NVIDIA's driver is 470.256.02: CUDA 13 needs 580 or newer, CUDA 12 525 or newer",
        "update the driver"
    )]
    [InlineData(
        "",
        "",
        "10DE:1B80 nouveau",
        "nvidia_driver_missing",
        "there is an NVIDIA adapter without NVIDIA's driver (nouveau holds it)",
        "install NVIDIA's driver; CUDA needs it"
    )]
    [InlineData(
        "",
        "",
        "1002:744C amdgpu",
        "vulkan_backend_not_installed",
        "there is a graphics adapter of AMD, and the backend vulkan is not installed",
        "echorate backend add vulkan"
    )]
    [InlineData(
        "cuda",
        "/p/libggml-cuda.so does not open: missing: libcudart.so.13, libcublas.so.13",
        NewDriver,
        "cuda_runtime_missing",
        "the system's loader does not find libcudart.so.13, libcublas.so.13",
        "; or put the files into {0}/plugins/cuda"
    )]
    [InlineData(
        "cuda",
        "its library has no code for this card (CUDA error: no kernel image is available for execution on the device)",
        NewDriver,
        "no_code_for_card",
        "for execution on the device)",
        "(echorate backend add cuda12), or vulkan"
    )]
    [InlineData(
        "vulkan",
        "",
        "",
        "vulkan_without_device",
        "; registered drivers: lvp_icd.x86_64.json",
        "a software device counts only with GGML_VK_VISIBLE_DEVICES=0"
    )]
    [InlineData(
        "vulkan",
        "/p/libggml-vulkan.so does not open: libvulkan.so.1: cannot open shared object file: No such file or directory",
        "",
        "vulkan_loader_missing",
        "the system's loader does not find libvulkan.so.1",
        "install the Vulkan loader: apt install libvulkan1, dnf install vulkan-loader, or pacman -S vulkan-icd-loader"
    )]
    [InlineData(
        "vulkan",
        "Vulkan0: it computes other numbers",
        "",
        "backend_broken",
        "vulkan: Vulkan0: it computes other numbers",
        "update the card's driver, or take another backend: --backend cpu"
    )]
    public async Task A_machine_is_told_what_it_lacks_and_runs_on_the_cpu(
        string installed,
        string failure,
        string hardware,
        string code,
        string message,
        string remedy
    )
    {
        _fake.WithBackends(installed.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        if (failure.Length > 0)
        {
            _trials.Fails(installed, failure);
        }
        _view.File("/usr/share/vulkan/icd.d/lvp_icd.x86_64.json", "{}");
        Has(hardware);

        var report = await Examine();

        Assert.True(report.WouldRun);
        Assert.Equal("cpu", report.Engine!.Backend);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(code, finding.Code);
        Assert.EndsWith(message, finding.Message);
        Assert.EndsWith(remedy.Replace("{0}", _fake.In("data")), finding.Remedy);
        var tried = report.Backends.Where(backend => backend.Installed);
        Assert.All(tried, backend => Assert.Equal(false, backend.Works));
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
        On("win-x64").WithBackends("cuda12");
        _view.Program("nvidia-smi", "552.22\n");
        _trials.Fails(
            "cuda12",
            "/p/ggml-cuda.dll does not open: missing: cudart64_12.dll, cublas64_12.dll"
        );

        var report = await Examine();

        Assert.Equal("552.22", report.NvidiaDriver);
        var finding = Assert.Single(report.Findings);
        Assert.Equal(("cuda_runtime_missing", "cuda12"), (finding.Code, finding.Backend));
        Assert.Contains("cudart-llama-bin-win-cuda-12.*-x64.zip", finding.Remedy);
    }

    [Fact]
    public async Task A_machine_for_which_nothing_is_built_runs_on_the_cpu_alone()
    {
        On("other-x64");
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

    private FakeHost On(string platform)
    {
        _fake.Dispose();
        return _fake = new FakeHost(platform);
    }

    // The kernel's file, what a program prints, or an adapter with its driver.
    private void Has(string hardware)
    {
        if (hardware.StartsWith("NVRM"))
        {
            _view.File(KernelFile, hardware);
        }
        else if (hardware.Split(' ') is [var first, var second])
        {
            _ = first == "nvidia-smi" ? _view.Program(first, second) : _view.Adapter(first, second);
        }
    }

    private Task<DoctorReport> Examine() =>
        new HostDoctor(_fake.Host, _view, _fake.Store, _trials).ExamineAsync(
            TestContext.Current.CancellationToken
        );
}
