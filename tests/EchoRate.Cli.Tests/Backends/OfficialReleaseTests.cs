using System.Text.Json;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.DemoModels;
using EchoRate.Machine.Natives;

namespace EchoRate.Cli.Tests.Backends;

/// <summary>An unpacked official release works by ECHORATE_LLAMA_DIR as it is, so that nobody needs npm for it.</summary>
public sealed class OfficialReleaseTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_run_on_it_is_the_run_on_the_fetched_libraries()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "names and links are Linux's");
        var fetched = await LlamaNatives.EnsureAsync(null, TestContext.Current.CancellationToken);
        Assert.SkipUnless(
            fetched.Source == LlamaSource.User,
            "the libraries of this machine are somebody's own"
        );
        var official = OfficialRelease.Make(_folder, fetched);
        Miniatures.Gemma3.Write(_folder.At("mini-gemma3-F16.gguf"));

        var ours = Measure("ours", []);
        // Nothing else could be taken: there is no npm and no other folder.
        var theirs = Measure(
            "theirs",
            new()
            {
                ["ECHORATE_LLAMA_DIR"] = official,
                ["ECHORATE_HOME"] = _folder.At("home"),
                ["PATH"] = _folder.At("no-programs"),
            }
        );

        Assert.Equal(Figures(ours), Figures(theirs));
        var engine = JsonDocument
            .Parse(File.ReadAllText(_folder.At("theirs", "run.json")))
            .RootElement.GetProperty("targets")[0];
        Assert.Equal(official, engine.GetProperty("library_folder").GetString());
    }

    private RunOnDisk Measure(string name, Dictionary<string, string?> environment)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            environment,
            "run",
            "--file",
            "mini-gemma3-F16.gguf",
            "--items",
            "words",
            "--prompts",
            "published",
            "--threads",
            "1",
            "--backend",
            "cpu",
            "--out",
            name,
            "--csv",
            "data"
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        return new RunOnDisk(_folder.At(name));
    }

    private static IEnumerable<string> Figures(RunOnDisk run) =>
        run.Echo.Rows.Select(row =>
            $"{row["arm"]} {row["item"]} {row["top1_id"]} {row["token_logprob_nat"]} {row["entropy_nat"]}"
        );
}
