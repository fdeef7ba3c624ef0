using EchoRate.Cli.Tests.Gpus;
using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>The hidden command that loads llama.cpp and a GPU's library, and computes on what they show.</summary>
public sealed class TrialTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_library_it_answers_one_line_with_the_cpu()
    {
        var outcome = Echorate.Run(_folder.Path, "trial");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var answer = Answer(Assert.Single(outcome.OutLines));
        Assert.Empty(answer.Tried!);
        Assert.Equal("llamasharp", answer.Facts!.Name);
        Assert.StartsWith("0.", answer.Facts!.Version);
        Assert.Null(answer.Facts!.Report.Plugin);
        Assert.Contains("ggml-cpu", answer.Facts!.Report.CpuLibrary);
        var cpu = answer.Facts!.Report.Devices.Single(device => device.Backend == "cpu");
        Assert.Equal("CPU", cpu.Name);
        Assert.NotEqual("", cpu.Description);
        Assert.InRange(cpu.TotalBytes, cpu.FreeBytes, long.MaxValue);
    }

    [Fact]
    public async Task A_gpu_computes_and_is_held_against_the_cpu()
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var plugin = Path.Combine(SoftwareGpu.Home, "plugins", "vulkan", "libggml-vulkan.so");
        environment["GGML_VK_DISABLE_F16"] = "1";

        var outcome = Echorate.Run(
            _folder.Path,
            environment,
            $"trial {TrialRunner.PluginOption} {plugin}"
        );

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(2, outcome.OutLines.Length);
        Assert.Null(Answer(outcome.OutLines[0]).Tried);
        var answer = Answer(outcome.OutLines[1]);
        var device = Assert.Single(answer.Tried!);
        Assert.Equal(("Vulkan0", "vulkan", null), (device.Device, device.Backend, device.Cause));
        // Measured: 0.05, in the file of K-quants.
        Assert.InRange(device.LargestDifference!.Value, 1e-6, 0.2);
        Assert.Matches("^[0-9a-f]{64}$", answer.Facts!.Report.Plugin!.Sha256);
    }

    // All that lies in npm's packages beside the GPU's library, and releases whose structs differ: ggml's own check lets them through.
    [Theory]
    [InlineData("3.19.1", null)]
    [InlineData("3.20.0", null)]
    [InlineData("3.21.1", " is of another release of llama.cpp than b10361, ")]
    [InlineData("3.22.1", " is of another release of llama.cpp than b10361, ")]
    public async Task Of_all_releases_those_that_do_not_fit_are_refused(
        string version,
        string? words
    )
    {
        var environment = await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var libraries = NpmPackage.Unpack(_folder, "linux-x64-vulkan", version);

        var outcome = Try(environment, Path.Combine(libraries, "libggml-vulkan.so"));

        if (words is null)
        {
            Assert.True(
                outcome.ExitCode == 0 && Answer(outcome.OutLines[^1]).Tried![0].Works,
                outcome.Out + outcome.Error
            );
        }
        else
        {
            Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
            Assert.StartsWith("echorate: no plugin fits: ", outcome.ErrorLines[^1]);
            Assert.Contains(words, outcome.ErrorLines[^1]);
        }
        Refused(
            Path.Combine(libraries, "libggml-cpu-x64.so"),
            words ?? " computes on the CPU: it is no GPU library"
        );
        Refused(
            Path.Combine(libraries, "libggml-base.so"),
            " is no backend that this ggml takes: load_backend: failed to find ggml_backend_init in "
        );
    }

    [Fact]
    public async Task A_library_that_is_damaged_or_lacks_another_is_one_line()
    {
        await SoftwareGpu.EnvironmentAsync(_folder.Path);
        var bytes = File.ReadAllBytes(
            Path.Combine(SoftwareGpu.Home, "plugins", "vulkan", "libggml-vulkan.so")
        );

        Refused(Written(bytes[..1_000_000]), " is cut short");
        Refused(Written("no library"u8.ToArray()), " is no 64-bit shared library, or is cut short");
        // The header's machine: 183 is arm64's number.
        bytes[18] = 183;
        Refused(Written(bytes), " is built for Linux arm64, and this process for Linux x64");
        bytes[18] = 62;
        // As a library that is not there: the name in the header is changed, and does not grow.
        var name = bytes.AsSpan().IndexOf("libvulkan.so.1\0"u8);
        "libnosuch.so.1"u8.CopyTo(bytes.AsSpan(name));
        Refused(Written(bytes), " does not open: libnosuch.so.1: cannot open shared object file");
        // CUDA's come in several packages: all that are missing are named.
        "libcuda.so.13\0"u8.CopyTo(bytes.AsSpan(name));
        Refused(Written(bytes), " does not open: missing: libcudart.so.13, libcublas.so.13, ");
    }

    private string Written(byte[] bytes)
    {
        var path = _folder.At("libggml-vulkan.so");
        File.WriteAllBytes(path, bytes);
        return path;
    }

    private void Refused(string plugin, string words)
    {
        var outcome = Try([], plugin);
        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(words, Assert.Single(outcome.ErrorLines));
    }

    private static Trial Answer(string line) =>
        JsonSerializer.Deserialize(line, BackendJson.Default.Trial)!;

    private Outcome Try(Dictionary<string, string?> environment, string plugin) =>
        Echorate.Run(_folder.Path, environment, $"trial {TrialRunner.PluginOption} {plugin}");
}
