using EchoRate.Machine.Backends;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>The hidden command that loads llama.cpp and a GPU's library, and computes on what they show.</summary>
public sealed class TrialTests : SoftwareGpu
{
    [Fact]
    public void Without_a_library_it_answers_one_line_with_the_cpu()
    {
        var outcome = Run("trial");

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        var answer = Answer(Assert.Single(outcome.OutLines));
        Assert.Empty(answer.Tried!);
        Assert.Equal("llamasharp", answer.Facts!.Name);
        Assert.StartsWith("0.", answer.Facts!.Version);
        Assert.Null(answer.Facts!.Plugin);
        Assert.Contains("ggml-cpu", answer.Facts!.CpuLibrary);
        var cpu = answer.Facts!.Devices.Single(device => device.Backend == "cpu");
        Assert.Equal("CPU", cpu.Name);
        Assert.NotEqual("", cpu.Description);
        Assert.InRange(cpu.TotalBytes, cpu.FreeBytes, long.MaxValue);
    }

    [Fact]
    public async Task A_gpu_computes_and_is_held_against_the_cpu()
    {
        await SeeGpuAsync();
        Variables["GGML_VK_DISABLE_F16"] = "1";

        var outcome = Try(await VulkanPlugin.Path);

        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Equal(2, outcome.OutLines.Length);
        Assert.Null(Answer(outcome.OutLines[0]).Tried);
        var answer = Answer(outcome.OutLines[1]);
        var device = Assert.Single(answer.Tried!);
        Assert.Equal(("Vulkan0", "vulkan", null), (device.Device, device.Backend, device.Cause));
        // Measured: 0.05, in the file of K-quants.
        Assert.InRange(device.LargestDifference!.Value, 1e-6, 0.2);
        Assert.Matches("^[0-9a-f]{64}$", answer.Facts!.Plugin!.Sha256);
    }

    // All that lies in npm's packages beside the GPU's library, and a release whose structs differ: ggml's own check lets it through.
    [Theory]
    [InlineData("3.19.1", null)]
    [InlineData("3.21.1", " is of another release of llama.cpp than b10361, ")]
    public async Task Of_all_releases_those_that_do_not_fit_are_refused(
        string version,
        string? words
    )
    {
        await SeeGpuAsync();
        var libraries = Tool.Unpack(Folder, "linux-x64-vulkan", version);

        var outcome = Try(Path.Combine(libraries, "libggml-vulkan.so"));

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

    // Its structs lie otherwise than LLamaSharp's: such a library would run, and compute something else.
    [Theory]
    [InlineData("3.20.0", "llama_context_params.n_threads_batch is ")]
    [InlineData("3.21.1", "llama_model_params.main_gpu is ")]
    public void Another_release_of_llama_cpp_itself_is_refused(string version, string field)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the package is Linux's");
        Miniatures.Gemma3.Write(Folder.At("m.gguf"));
        var libraries = Tool.Unpack(Folder, "linux-x64", version);
        Variables["ECHORATE_LLAMASHARP_NATIVE"] = libraries;

        var outcome = Run("tokenize m.gguf John");

        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
        var line = Assert.Single(outcome.ErrorLines);
        Assert.StartsWith($"echorate: {libraries}/libllama.", line);
        Assert.Contains(" lays its parameters out in another way than LLamaSharp ", line);
        Assert.Contains(field, line);
    }

    private void Refused(string plugin, string words)
    {
        var outcome = Try(plugin);
        Assert.Equal((4, ""), (outcome.ExitCode, outcome.Out));
        Assert.Contains(words, Assert.Single(outcome.ErrorLines));
    }

    private static Trial Answer(string line) =>
        JsonSerializer.Deserialize(line, BackendJson.Default.Trial)!;

    private Outcome Try(string plugin) => Run($"trial {TrialRunner.PluginOption} {plugin}");
}
