namespace EchoRate.Cli.Tests.Hub;

/// <summary>People run it where <c>HOME</c> names no folder: only what needs one stops, and nothing is put into the current folder.</summary>
public sealed class NoHomeTests : ProgramTests
{
    private readonly DemoRun _demo;

    public NoHomeTests(DemoRun demo)
    {
        _demo = demo;
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the home folder is not HOME's there");
        foreach (
            var name in "XDG_DATA_HOME XDG_CACHE_HOME HF_HUB_CACHE HF_HOME ECHORATE_HOME".Split(' ')
        )
        {
            Variables[name] = null;
        }
        // Not rooted, so it names a folder of whatever the current one is.
        Variables["HOME"] = "me";
        Folder.Write(
            "m.yaml",
            "schema_version: 1\nmodels:\n  - { name: m, files: [{ quant: F16, repo: a/b, path: f.gguf }] }\n"
        );
    }

    [Fact]
    public void A_run_of_a_file_and_a_look_at_the_machine_need_no_home()
    {
        Measure(
            $"run --file {_demo.Model("demo-echo-Q8_0")} --items words --prompts published --no-check"
        );
        Assert.Equal(0, Run("backend list").ExitCode);
        Assert.Equal(0, Run("doctor").ExitCode);
        Assert.Equal(
            [Folder.At("m.yaml"), Folder.At("r")],
            Directory.GetFileSystemEntries(Folder.Path).Order()
        );
    }

    [Fact]
    public void What_needs_one_says_so_and_fills_no_other_folder()
    {
        Refuses(
            3,
            "no home folder is known, so what EchoRate downloads has no place; set HOME, or ECHORATE_HOME",
            "backend add vulkan"
        );
        Refuses(
            3,
            "no home folder is known, so '~' and the Hugging Face cache have no place; set HOME, or HF_HOME for the cache",
            "pull --manifest m.yaml"
        );
    }

    [Fact]
    public void A_tilde_that_no_shell_replaced_is_the_home_folder()
    {
        Variables["HOME"] = Folder.At("home");
        Variables["HF_HOME"] = "~/x";
        Variables["ECHORATE_HOME"] = "~/y";

        Assert.Contains(Folder.At("home", "x", "hub"), Run("list --manifest m.yaml --json").Out);
        Assert.Contains(Folder.At("home", "y", "plugins"), Run("backend list --json").Out);
    }
}
