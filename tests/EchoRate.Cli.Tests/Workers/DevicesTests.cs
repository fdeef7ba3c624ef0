using System.Text.Json;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>The hidden command that a run asks for engine and devices, so that it need not load llama.cpp itself.</summary>
public sealed class DevicesTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void It_answers_one_line_of_json_and_takes_the_folder_that_it_is_given()
    {
        var first = Devices("--engine", "llama");
        using var answer = JsonDocument.Parse(Assert.Single(first.OutLines));
        var libraries = answer.RootElement.GetProperty("library_folder").GetString()!;
        // By another path: that is the one that is loaded and said.
        var link = _folder.At("libraries");
        Directory.CreateSymbolicLink(link, libraries);
        using var named = JsonDocument.Parse(
            Assert.Single(Devices("--engine", "llama", "--libraries", "libraries").OutLines)
        );

        Assert.Equal(0, first.ExitCode);
        Assert.Equal("llama", answer.RootElement.GetProperty("engine").GetString());
        Assert.StartsWith("0.", answer.RootElement.GetProperty("version").GetString());
        Assert.Contains("ggml-cpu", answer.RootElement.GetProperty("cpu_library").GetString());
        var cpu = answer
            .RootElement.GetProperty("devices")
            .EnumerateArray()
            .Single(device => device.GetProperty("kind").GetString() == "cpu");
        Assert.Equal("CPU", cpu.GetProperty("name").GetString());
        Assert.Equal("cpu", cpu.GetProperty("backend").GetString());
        Assert.NotEqual("", cpu.GetProperty("description").GetString());
        Assert.InRange(
            cpu.GetProperty("total_bytes").GetInt64(),
            cpu.GetProperty("free_bytes").GetInt64(),
            long.MaxValue
        );
        Assert.Equal(link, named.RootElement.GetProperty("library_folder").GetString());
    }

    [Fact]
    public void What_cannot_be_loaded_is_code_4_and_one_line()
    {
        var nowhere = Devices("--engine", "llama", "--libraries", "nowhere");
        var unknown = Devices("--engine", "other");

        Assert.Equal(4, nowhere.ExitCode);
        Assert.Equal(
            $"echorate: no such folder: {_folder.At("nowhere")}",
            Assert.Single(nowhere.ErrorLines)
        );
        Assert.Empty(nowhere.OutLines);
        Assert.Equal(2, unknown.ExitCode);
        Assert.Equal(
            "echorate: --engine: 'other' is not allowed; allowed: llama, llamasharp",
            Assert.Single(unknown.ErrorLines)
        );
    }

    // A library for this machine, and not the one that its name says.
    [Fact]
    public void A_library_that_is_none_of_llama_ends_a_run_with_the_same_words_as_if_it_had_been_loaded_here()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library's name is Linux's");
        using var answer = JsonDocument.Parse(Devices("--engine", "llama").Out);
        var libraries = answer.RootElement.GetProperty("library_folder").GetString()!;
        Directory.CreateDirectory(_folder.At("llama"));
        foreach (var file in Directory.EnumerateFiles(libraries))
        {
            File.Copy(file, _folder.At("llama", Path.GetFileName(file)));
        }
        // Not libllama-common, which is none of ours.
        var library = Directory.EnumerateFiles(_folder.At("llama"), "libllama.*").Single();
        File.Delete(library);
        File.Copy(Directory.EnumerateFiles(libraries, "libggml-cpu*.so").First(), library);

        var outcome = Echorate.Run(
            _folder.Path,
            new Dictionary<string, string?> { ["ECHORATE_LLAMA_DIR"] = "llama" },
            "run",
            "--file",
            demo.Model("demo-echo-F16"),
            "--out",
            "r"
        );

        Assert.Equal(4, outcome.ExitCode);
        Assert.Equal(
            $"echorate: {library} has no llama_version: EchoRate needs llama.cpp 0.4.x or 0.5.x",
            Assert.Single(outcome.ErrorLines)
        );
        Assert.False(Directory.Exists(_folder.At("r")));
    }

    [Fact]
    public void It_is_not_in_the_help() =>
        Assert.DoesNotMatch(@"(?m)^\s+devices\b", Echorate.Run(_folder.Path, "--help").Out);

    private Outcome Devices(params string[] arguments) =>
        Echorate.Run(_folder.Path, ["devices", .. arguments]);

    public void Dispose() => _folder.Dispose();
}
