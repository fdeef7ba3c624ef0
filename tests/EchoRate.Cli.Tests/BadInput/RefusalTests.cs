namespace EchoRate.Cli.Tests.BadInput;

/// <summary>What the program must refuse: <c>refusals.txt</c> has the commands, and what is said. Nothing is written.</summary>
public sealed class RefusalTests(DemoRun demo) : ProgramTests
{
    private const string Manifest = """
        schema_version: 1
        models:
          - name: here
            files:
              - { quant: F16, path: m.gguf }
              - { quant: Q8_0, path: n.gguf }

        """;

    // What loads llama.cpp, or has the system refuse.
    private static readonly string[] s_loading =
    [
        "--device GPU7",
        "--main-gpu 3",
        "--tensor-split 1,2",
        "--window",
        "quantize {model} --to",
        "quantize demo",
        "/proc",
    ];

    public static TheoryData<string, string> Cases =>
        [
            .. File.ReadLines(
                    Path.Combine(Repository.Root, "tests/EchoRate.Cli.Tests/BadInput/refusals.txt")
                )
                .Skip(2)
                .Chunk(2)
                .Select(lines => (lines[0][2..], lines[1])),
        ];

    [Theory, MemberData(nameof(Cases))]
    public void What_cannot_be_is_one_line(string command, string answer)
    {
        Assert.SkipWhen(
            command.Contains("/proc") && !OperatingSystem.IsLinux(),
            "there is no folder here in which nobody can write"
        );
        Folder.Write("here.yaml", Manifest);
        Folder.Write("broken.yaml", Manifest.Replace("    files:", "    quants: []\n    files:"));
        Folder.Write("m.gguf", "GGUF and so on");
        Folder.Write("empty.gguf", "");
        Folder.Write("page.gguf", "<html><body>404: not found</body></html>\n");
        Folder.Write("file", "a file");
        Folder.Write("full/echo.csv", "an older run's");
        Folder.Write("a/w.csv", "item\n John\n");
        Folder.Write("b/w.csv", "item\n John\n");
        Folder.Write("twice.csv", "item\n John\n sad\n John\n");
        Folder.Write("bare.csv", "id,expected\n1, Mary\n");
        Folder.Write("story.txt", " James\n");
        Folder.Write("empty.txt", "\n");
        Folder.Write("latin.txt", [.. " James\n caf"u8, 0xe9]);
        if (command.Contains("demo-echo-Q8_0"))
        {
            Folder.Write("demo-echo-Q8_0.gguf", File.ReadAllBytes(demo.Model("demo-echo-Q8_0")));
        }
        var model = demo.Model("demo-echo-F16");
        var words = command.Replace("{model}", model);

        Refuses(
            int.Parse(answer[..1]),
            answer[2..].Replace("{model}", model),
            () => s_loading.Any(command.Contains) ? Run(words) : Here(words)
        );
    }

    [Fact]
    public void A_command_is_missing() =>
        Refuses(2, "a command is missing; commands: demo, run, …", "");
}
