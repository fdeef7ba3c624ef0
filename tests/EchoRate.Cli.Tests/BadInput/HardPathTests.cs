namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Paths that shells, markup and native code find hard.</summary>
public sealed class HardPathTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Models_words_and_runs_may_lie_under_any_name()
    {
        string[] names =
        [
            "two words",
            "[bold]brackets[red]",
            "Straße 東京 😀",
            "a'quote,comma;semicolon",
            "=1+1",
        ];
        var models = names.Select(name =>
            _folder.Write(
                $"{name}/{name}-Q8_0.gguf",
                File.ReadAllBytes(demo.Model("demo-echo-Q8_0"))
            )
        );
        // A comma separates the values of --items, so their file cannot have one in its name.
        _folder.Write("words.csv", "item\n John\n");
        var folder = string.Concat(names.Reverse()) + "/run of " + string.Concat(names);

        var outcome = Run([
            .. models.SelectMany(model => (string[])["--file", model]),
            "--items",
            "words.csv",
            "--out",
            folder,
        ]);

        Assert.DoesNotContain("echorate:", outcome.Error);
        Assert.Equal(0, outcome.ExitCode);
        var run = new RunOnDisk(_folder.At(folder));
        Assert.All(run.Files.Rows, file => Assert.Equal("ok", file["status"]));
        Assert.Equal([.. names[..4], "'=1+1'"], run.Files.Rows.Select(file => file["model"]));
        Assert.All(names, name => Assert.Contains($"{name} Q8_0: 4 rows", outcome.Error));
        Assert.All(run.Names, file => Assert.Matches("^[ -~]+$", file));
    }

    private Outcome Run(params string[] arguments) =>
        Echorate.Run(
            _folder.Path,
            [.. "run --threads 1 --prompts published --csv data".Split(' '), .. arguments]
        );

    public void Dispose() => _folder.Dispose();
}
