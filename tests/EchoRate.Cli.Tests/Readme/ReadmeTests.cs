namespace EchoRate.Cli.Tests.Readme;

/// <summary>The examples of README and docs work. Those of a page run one after the other in one empty folder, as somebody would who reads from top to bottom.</summary>
public sealed class ReadmeTests(DemoRun demo, ITestOutputHelper output)
{
    private static readonly string[] s_files = [".gguf", ".csv", ".yaml"];

    public static TheoryData<string> Pages =>
        [
            "README.md",
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
                .Where(path => ReadmeCommands.In(File.ReadAllText(path)).Count > 0)
                .Select(path => Path.Combine("docs", Path.GetFileName(path))),
        ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Examples_that_need_no_real_model_end_well(string page)
    {
        var commands = ReadmeCommands.In(File.ReadAllText(Path.Combine(Repository.Root, page)));
        Assert.NotEmpty(commands);

        using var folder = new TemporaryFolder();
        foreach (var command in commands)
        {
            var line = "echorate " + string.Join(' ', command);
            if (Missing(command, folder.Path) is { } missing)
            {
                output.WriteLine($"not run, {missing} is not there: {line}");
                continue;
            }
            // It takes its time, and is run for other tests already.
            if (command is ["demo", .. var options])
            {
                TemporaryFolder.Copy(
                    demo.Run.Path,
                    folder.At(options is ["--out", var name] ? name : "demo")
                );
                continue;
            }
            var outcome = Echorate.Run(folder.Path, WithOneThread(command));
            Assert.True(outcome.ExitCode == 0, $"{line}: code {outcome.ExitCode}: {outcome.Error}");
            output.WriteLine($"ran: {line}");
        }
    }

    [Fact]
    public void Commands_are_found_in_blocks_for_a_shell_and_nowhere_else()
    {
        const string markdown = """
            echorate not in a block
            ```console
            $ echorate demo --out "two words"   # a comment
            echorate run --file a.gguf \
                --threads 1
            some output
            ```
            ```csharp
            echorate not for a shell
            ```
            ```sh
            dotnet run --project src/EchoRate.Cli -- --help
            ```
            """;

        Assert.Equal(
            [
                ["demo", "--out", "two words"],
                ["run", "--file", "a.gguf", "--threads", "1"],
                ["--help"],
            ],
            ReadmeCommands.In(markdown)
        );
    }

    // These take the manifest of their folder, whose models are real ones.
    private static string? Missing(string[] command, string folder)
    {
        if (command is ["merge", .. var words])
        {
            return words
                .TakeWhile(word => !word.StartsWith('-'))
                .FirstOrDefault(shard => !Directory.Exists(Path.Combine(folder, shard)));
        }
        var files = command
            .SelectMany(word => word.Split(',', '='))
            .Where(word => s_files.Contains(Path.GetExtension(word)))
            .ToList();
        if (
            command is ["run" or "list" or "pull", ..]
            && !command.Any(word => word is "--help" or "--file" or "--manifest")
        )
        {
            files.Add("gguf-manifest.yaml");
        }
        return files.Find(file => !File.Exists(Path.Combine(folder, file)));
    }

    private static string[] WithOneThread(string[] command) =>
        command is ["demo" or "run", ..]
        && !command.Contains("--threads")
        && !command.Contains("--help")
            ? [.. command, "--threads", "1"]
            : command;
}
