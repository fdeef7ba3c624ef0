using System.Text.RegularExpressions;

namespace EchoRate.Cli.Tests.Readme;

/// <summary>The examples of README and docs work. Those of a page run one after the other in one empty folder, as somebody would who reads from top to bottom.</summary>
public sealed partial class ReadmeTests(DemoRun demo, ITestOutputHelper output) : ProgramTests
{
    private static readonly string[] s_files = [".gguf", ".csv", ".yaml"];

    public static TheoryData<string> Pages =>
        [
            "README.md",
            .. Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "docs"), "*.md")
                .Select(path => Path.GetRelativePath(Repository.Root, path))
                .Where(page => Commands(page).Any()),
        ];

    [Theory, MemberData(nameof(Pages))]
    public void Examples_that_need_no_real_model_end_well(string page)
    {
        var commands = Commands(page).ToList();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var line = "echorate " + string.Join(' ', command);
            if (Missing(command) is { } missing)
            {
                output.WriteLine($"not run, {missing} is not there: {line}");
                continue;
            }
            // It takes its time, and is run for other tests already.
            if (command is ["demo", .. var options])
            {
                TemporaryFolder.Copy(
                    demo.Run.Path,
                    Folder.At(options is ["--out", var name] ? name : "demo")
                );
                continue;
            }
            var outcome = Echorate.Run(Folder.Path, [], WithOneThread(command));
            Assert.True(outcome.ExitCode == 0, $"{line}: code {outcome.ExitCode}: {outcome.Error}");
            output.WriteLine($"ran: {line}");
        }
    }

    // The words of every line in a block for a shell that starts this program. A backslash at the end of a line continues it.
    private static IEnumerable<string[]> Commands(string page) =>
        from block in Blocks()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, page)).ReplaceLineEndings("\n"))
        from line in block.Groups[1].Value.Replace("\\\n", " ").Split('\n')
        let command = Starts().Match(line)
        where command.Success
        select (string[])
            [
                .. Words()
                    .Matches(command.Groups[1].Value)
                    .Select(word => word.Value.Trim('"', '\''))
                    .TakeWhile(word => !word.StartsWith('#')),
            ];

    // These take the manifest of their folder, whose models are real ones.
    private string? Missing(string[] command)
    {
        if (command is ["merge", .. var words])
        {
            return words
                .TakeWhile(word => !word.StartsWith('-'))
                .FirstOrDefault(shard => !Directory.Exists(Folder.At(shard)));
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
        return files.Find(file => !File.Exists(Folder.At(file)));
    }

    private static string[] WithOneThread(string[] command) =>
        command is ["run", ..] && !command.Contains("--threads") && !command.Contains("--help")
            ? [.. command, "--threads", "1"]
            : command;

    [GeneratedRegex(
        @"^```(?:console|sh)\n(.*?)^```",
        RegexOptions.Multiline | RegexOptions.Singleline
    )]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^\s*(?:\$ )?(?:echorate|dotnet run --project src/EchoRate\.Cli --) (.*)")]
    private static partial Regex Starts();

    [GeneratedRegex(
        """
            "[^"]*"|'[^']*'|\S+
            """
    )]
    private static partial Regex Words();
}
