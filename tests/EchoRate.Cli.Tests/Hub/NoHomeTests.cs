namespace EchoRate.Cli.Tests.Hub;

/// <summary>People run it where <c>HOME</c> names no folder: only what needs one stops, and nothing is put into the current folder.</summary>
public sealed class NoHomeTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static readonly Dictionary<string, string?> NoHome = new()
    {
        // Not rooted, so it names a folder of whatever the current one is.
        ["HOME"] = "me",
        ["XDG_DATA_HOME"] = null,
        ["XDG_CACHE_HOME"] = null,
        ["HF_HUB_CACHE"] = null,
        ["HF_HOME"] = null,
        ["ECHORATE_HOME"] = null,
    };

    [Fact]
    public void A_run_of_a_file_and_a_look_at_the_machine_need_no_home()
    {
        SkipOnWindows();
        var run = Run(
            NoHome,
            $"run --file {demo.Model("demo-echo-Q8_0")} --items words --prompts published --threads 1 --out r"
        );

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(0, Run(NoHome, "backend list").ExitCode);
        Assert.Equal(0, Run(NoHome, "doctor").ExitCode);
        Assert.Equal([_folder.At("r")], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData(
        "backend add vulkan",
        "no home folder is known, so what EchoRate downloads has no place; set HOME, or ECHORATE_HOME"
    )]
    [InlineData(
        "pull --manifest m.yaml",
        "no home folder is known, so '~' and the Hugging Face cache have no place; set HOME, or HF_HOME for the cache"
    )]
    public void What_needs_one_says_so_and_fills_no_other_folder(string words, string line)
    {
        SkipOnWindows();
        WriteManifest("- { quant: F16, repo: a/b, path: f.gguf }");

        var outcome = Run(NoHome, words);

        Assert.Equal((3, $"echorate: {line}\n"), (outcome.ExitCode, outcome.Error));
        Assert.Equal([_folder.At("m.yaml")], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_tilde_that_no_shell_replaced_is_the_home_folder()
    {
        SkipOnWindows();
        WriteManifest("- { quant: F16, repo: a/b, path: f.gguf }");
        var home = new Dictionary<string, string?>(NoHome)
        {
            ["HOME"] = _folder.At("home"),
            ["HF_HOME"] = "~/x",
            ["ECHORATE_HOME"] = "~/y",
        };

        var listed = Run(home, "list --manifest m.yaml --json");
        var backends = Run(home, "backend list --json");

        Assert.Contains(_folder.At("home", "x", "hub"), listed.Out);
        Assert.Contains(_folder.At("home", "y", "plugins"), backends.Out);
    }

    public void Dispose() => _folder.Dispose();

    private static void SkipOnWindows() =>
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the home folder is not HOME's there");

    private void WriteManifest(string file) =>
        _folder.Write(
            "m.yaml",
            $"schema_version: 1\nmodels:\n  - name: m\n    files:\n      {file}\n"
        );

    private Outcome Run(Dictionary<string, string?> environment, string words) =>
        Echorate.Run(_folder.Path, environment, words);
}
