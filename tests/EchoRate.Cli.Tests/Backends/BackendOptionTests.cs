namespace EchoRate.Cli.Tests.Backends;

/// <summary><c>run --backend</c>.</summary>
public sealed class BackendOptionTests : SoftwareGpu
{
    public BackendOptionTests() => Miniatures.Gemma3.Write(Folder.At("mini-gemma3-F16.gguf"));

    [Fact]
    public async Task A_run_that_is_gone_on_with_stays_on_its_backend()
    {
        await SeeGpuAsync();
        Measured("cpu").CutOff();
        var info = Folder.At("r", "run.json");
        var text = File.ReadAllText(info)
            .Replace("\"--backend\",", "")
            .Replace("\"cpu\",\n    \"--threads\"", "\"--threads\"");
        Assert.DoesNotContain("--backend", text);
        File.WriteAllText(info, text);

        var resumed = Run("run --resume --out r");

        Assert.True(resumed.ExitCode == 0, resumed.Error);
        Assert.Equal(["CPU cpu"], Read.Files.Tell("device backend"));
    }

    [Fact]
    public async Task A_run_whose_backend_was_removed_is_not_gone_on_with_on_another()
    {
        await SeeGpuAsync();
        var whole = Measured("auto");
        Assert.Matches(
            @"^llamasharp 0\.\S+ \(ggml 0\.18\.0, .*, libggml-vulkan\.so sha256:[0-9a-f]{12}\) on vulkan: Vulkan0",
            whole.Outcome.ErrorLines[0]
        );
        whole.CutOff();
        // Rows are left to measure.
        var journal = Assert.Single(whole.Journals);
        File.WriteAllLines(journal, File.ReadAllLines(journal)[..10]);
        Variables["ECHORATE_HOME"] = Folder.At("empty");

        Refuses(
            4,
            "the backend vulkan is not installed (installed: none): echorate backend add vulkan downloads it (26 MB)",
            "run --resume --out r"
        );
    }

    [Fact]
    public async Task A_backend_that_does_not_work_is_passed_over_by_auto_and_refused_by_name()
    {
        await SeeGpuAsync();
        HideGpu();

        var run = Measured("auto");
        var named = Run("run --file mini-gemma3-F16.gguf --backend vulkan --out v");

        Assert.Equal(["CPU cpu"], run.Files.Tell("device backend"));
        Assert.Matches(" on cpu: CPU", run.Outcome.ErrorLines[0]);
        const string why =
            "the backend vulkan does not work here: libggml-vulkan.so shows no device";
        Assert.StartsWith(why, run.Outcome.ErrorLines[1]);
        Assert.Equal(4, named.ExitCode);
        Assert.Matches(
            $"^echorate: {why}.*; `echorate doctor` says what to do, --backend auto takes what works$",
            Assert.Single(named.ErrorLines)
        );
        Assert.False(Directory.Exists(Folder.At("v")));
    }

    private RunOnDisk Measured(string backend) =>
        Measure(
            $"run --file mini-gemma3-F16.gguf --items words --prompts published --backend {backend}"
        );
}
