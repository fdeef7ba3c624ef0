namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Models that llama.cpp does not know, and names that shells, markup, terminals and native code find hard.</summary>
public sealed class OddFileTests(DemoRun demo) : ProgramTests
{
    private const string Clear = "\e[2J";

    [Fact]
    public void Without_a_working_folder_it_answers_what_needs_none()
    {
        Assert.Equal(0, Echorate.WithoutFolder(Folder.Path, "--version").ExitCode);

        var refused = Echorate.WithoutFolder(Folder.Path, "inspect m.gguf");

        Assert.Equal(3, refused.ExitCode);
        Assert.StartsWith(
            "echorate: the working folder is no longer there",
            Assert.Single(refused.ErrorLines),
            StringComparison.Ordinal
        );
    }

    /// <summary>Only llama.cpp knows which architectures it knows: this is found out when the run has begun, and is in its rows.</summary>
    [Fact]
    public void An_architecture_that_llama_cpp_does_not_know_becomes_failed_rows()
    {
        Bend(
            demo.Model("demo-echo-F16"),
            "m.gguf",
            writer =>
            {
                foreach (var (key, value) in writer.Metadata.Entries.ToList())
                {
                    if (key.StartsWith("gemma."))
                    {
                        writer.Add("nosucharch" + key["gemma".Length..], value);
                    }
                }
                writer.Set("general.architecture", GgufValue.Text("nosucharch"));
            }
        );
        const string rest = "--items words --prompts published --no-check --out";

        var alone = Measure(5, $"run --file m.gguf {rest} alone");
        var beside = Measure(
            6,
            $"run --file m.gguf --file {demo.Model("demo-echo-F16")} {rest} beside"
        );

        Assert.Equal(["failed"], alone.Files.Tell("status"));
        Assert.Equal(["without  failed", "with  failed"], alone.Echo.Tell("arm item status"));
        Assert.All(
            alone.Echo.Rows,
            row => Assert.Contains("unknown model architecture: 'nosucharch'", row["reason"])
        );
        Assert.Equal(2 * 27, beside.Echo.Where("status=ok").Count);
    }

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
        var bytes = File.ReadAllBytes(demo.Model("demo-echo-Q8_0"));
        var models = names.Select(name => Folder.Write($"{name}/{name}-Q8_0.gguf", bytes));
        // A comma separates the values of --items, so their file cannot have one in its name.
        Folder.Write("words.csv", "item\n John\n");
        var folder = string.Concat(names.Reverse()) + "/run of " + string.Concat(names);

        var outcome = Run(
            "run --threads 1 --items words.csv --prompts published --csv data --out",
            [folder, .. models.SelectMany(model => (string[])["--file", model])]
        );

        Assert.Equal(0, outcome.ExitCode);
        var run = new RunOnDisk(Folder.At(folder));
        Assert.All(run.Files.Rows, file => Assert.Equal("ok", file["status"]));
        Assert.Equal([.. names[..4], "'=1+1'"], run.Files.Tell("model"));
        Assert.All(names, name => Assert.Contains($"{name} Q8_0: 4 rows", outcome.Error));
        Assert.All(run.Names, file => Assert.Matches("^[ -~]+$", file));
    }

    [Fact]
    public void A_name_with_ESC_reaches_people_as_text_and_programs_as_it_is()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file of this name");
        var model = Folder.Write(
            $"right\u202eleft{Clear}-F16.gguf",
            File.ReadAllBytes(demo.Model("demo-echo-F16"))
        );

        var run = Run("run --items words --threads 1 --out r" + Clear, "--file", model);
        var refused = Run("run", "--file", model, "--file", model);
        var inspected = Run("inspect", model);
        var made = Run("quantize --to Q8_0 --threads 1 --out q", model).OutLines;

        Assert.Equal((0, 2), (run.ExitCode, refused.ExitCode));
        foreach (var text in new[] { run.Out, run.Error, refused.Error, inspected.Out })
        {
            Assert.DoesNotContain('\e', text);
            Assert.Contains(@"right\xe2\x80\xaeleft\x1b[2J", text);
        }
        Assert.Contains(@"\u001B[2J", File.ReadAllText(Folder.At("r" + Clear, "run.json")));
        Assert.True(File.Exists(Assert.Single(made)));
        Assert.Equal(model, Run("inspect --json", model).Json.Text("path"));
    }
}
