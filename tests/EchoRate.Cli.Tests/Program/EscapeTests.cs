namespace EchoRate.Cli.Tests.Program;

/// <summary>A model's name that holds what moves a terminal's cursor reaches people as text, and programs as it is.</summary>
public sealed class EscapeTests(DemoRun demo) : IDisposable
{
    private const string Clear = "\e[2J";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_name_with_ESC_does_not_reach_the_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file of this name");
        var model = _folder.Write(
            $"gone{Clear}-Q8_0.gguf",
            File.ReadAllBytes(demo.Model("demo-echo-Q8_0"))
        );

        var outcome = Run(
            "run",
            "--file",
            model,
            "--items",
            "words",
            "--threads=1",
            "--out=r" + Clear
        );
        var refused = Run("run", "--file", model, "--file", model);
        var unknown = Run("run", "--file", $"absent{Clear}.gguf");

        Assert.Equal((0, 2, 3), (outcome.ExitCode, refused.ExitCode, unknown.ExitCode));
        foreach (var text in new[] { outcome.Out, outcome.Error, refused.Error, unknown.Error })
        {
            Assert.DoesNotContain('\e', text);
            Assert.Contains(@"\x1b[2J", text);
        }
        // In the files it is what it was.
        var run = File.ReadAllText(Path.Combine(_folder.At("r" + Clear), "run.json"));
        Assert.Contains(@"\u001B[2J", run);
    }

    [Fact]
    public void Json_and_paths_for_programs_are_as_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file of this name");
        var model = _folder.Write(
            "right\u202eleft-F16.gguf",
            File.ReadAllBytes(demo.Model("demo-echo-F16"))
        );

        var made = Run("quantize", model, "--to=Q8_0", "--threads=1", "--out=q").OutLines;
        var inspected = Run("inspect", model, "--json").Out;

        Assert.True(File.Exists(Assert.Single(made)));
        Assert.Equal(
            model,
            System
                .Text.Json.JsonDocument.Parse(inspected)
                .RootElement.GetProperty("path")
                .GetString()
        );
        Assert.Contains(@"right\xe2\x80\xaeleft", Run("inspect", model).Out);
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Run(params string[] words) => Echorate.Run(_folder.Path, words);
}
