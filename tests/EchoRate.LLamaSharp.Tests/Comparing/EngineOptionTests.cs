using EchoRate.Cli.Tests.Program;
using EchoRate.LLamaSharp.Tests.Fixtures;

namespace EchoRate.LLamaSharp.Tests.Comparing;

public sealed class EngineOptionTests
{
    [Fact]
    public void Two_engines_in_one_process_are_refused()
    {
        using var folder = new TemporaryFolder();

        var outcome = Echorate.Run(
            folder.Path,
            "run",
            "--file",
            TestModels.PathOf("mini-llama"),
            "--engine",
            "llama,llamasharp",
            "--in-process"
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            [
                "echorate: --in-process: a process holds one engine; give one --engine, or leave out --in-process",
            ],
            outcome.ErrorLines
        );
    }

    [Fact]
    public void The_hidden_command_devices_says_what_was_really_loaded()
    {
        TestLibrary.Need();
        using var folder = new TemporaryFolder();

        var outcome = Echorate.Run(folder.Path, "devices", "--engine", "llamasharp");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("\"notes\":[\"LLamaSharp took ", outcome.Out, StringComparison.Ordinal);
        Assert.Contains("\"CUDA: ", outcome.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_doctor_says_what_was_really_loaded_and_why_not_cuda()
    {
        TestLibrary.Need();
        using var folder = new TemporaryFolder();

        var outcome = Echorate.Run(folder.Path, "doctor");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("engine         llamasharp, llama.cpp ", outcome.Out);
        Assert.Contains("               LLamaSharp took ", outcome.Out);
        Assert.Contains("               CUDA: ", outcome.Out);
        Assert.Equal("A run would work, with the engine llamasharp.", outcome.OutLines[^1]);
    }

    [Fact]
    public void The_doctor_says_that_a_run_would_not_work_where_the_engine_finds_no_library()
    {
        using var folder = new TemporaryFolder();

        var outcome = Echorate.Run(
            folder.Path,
            new Dictionary<string, string?> { [LLamaSharpLibrary.FolderVariable] = folder.Path },
            "doctor"
        );

        Assert.Equal(4, outcome.ExitCode);
        Assert.Contains("engine         llamasharp: cannot be loaded: ", outcome.Out);
        Assert.StartsWith("A run would not work: ", outcome.OutLines[^1]);
        Assert.Contains("no libllama in ", outcome.OutLines[^1]);
    }

    [Theory]
    [InlineData("no-such-folder", "ECHORATE_LLAMASHARP_NATIVE: no such folder: ")]
    [InlineData("", "ECHORATE_LLAMASHARP_NATIVE: no libllama in ")]
    public void A_wrong_library_folder_is_one_line_and_exit_4(string name, string words)
    {
        using var folder = new TemporaryFolder();

        var outcome = Echorate.Run(
            folder.Path,
            new Dictionary<string, string?>
            {
                [LLamaSharpLibrary.FolderVariable] = Path.Combine(folder.Path, name),
            },
            "run",
            "--file",
            TestModels.PathOf("mini-llama"),
            "--engine",
            "llamasharp"
        );

        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith("echorate: " + words, outcome.ErrorLines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_one_line_and_exit_4()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("libllama.so"), "not a library");

        var outcome = Echorate.Run(
            folder.Path,
            new Dictionary<string, string?> { [LLamaSharpLibrary.FolderVariable] = folder.Path },
            "devices",
            "--engine",
            "llamasharp"
        );

        Assert.Equal(4, outcome.ExitCode);
        Assert.StartsWith(
            $"echorate: cannot load {folder.File("libllama.so")}: ",
            outcome.ErrorLines[^1],
            StringComparison.Ordinal
        );
    }
}
