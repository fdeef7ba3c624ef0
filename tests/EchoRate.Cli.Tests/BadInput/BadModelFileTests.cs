namespace EchoRate.Cli.Tests.BadInput;

/// <summary>What <c>--file</c> is given that is no model, or not whole: code 3, before anything is written.</summary>
public sealed class BadModelFileTests(DemoRun demo) : IDisposable
{
    private readonly Workplace _here = new();

    [Theory]
    [InlineData("There is no file '{folder}/m.gguf'.", null)]
    [InlineData("The file is empty.", "")]
    [InlineData(
        "The file is text, not GGUF: perhaps an error page saved as a model.",
        "<html><body>404: not found</body></html>"
    )]
    public void What_is_no_model(string problem, string? content) =>
        Refuses(problem, content is null ? null : Encoding.UTF8.GetBytes(content));

    [Fact]
    public void One_bad_file_stops_the_good_ones_too()
    {
        _here.Folder.Write("m.gguf", []);
        _here.Refuses(
            3,
            $"{_here.Folder.At("m.gguf")}: The file is empty.",
            $"run --file {demo.Model("demo-echo-F16")} --file m.gguf"
        );
    }

    /// <summary>Only llama.cpp knows which architectures it knows: this is found out when the run has begun, and is in its rows.</summary>
    [Fact]
    public void An_architecture_that_llama_cpp_does_not_know_becomes_failed_rows()
    {
        var source = GgufFile.Read(demo.Model("demo-echo-F16"));
        var writer = GgufWriter.CopyOf(source);
        foreach (var (key, value) in source.Metadata.Entries)
        {
            if (key.StartsWith("gemma."))
            {
                writer.Add("nosucharch" + key["gemma".Length..], value);
            }
        }
        writer.Set("general.architecture", GgufValue.Text("nosucharch"));
        writer.Write(_here.Folder.At("m.gguf"));

        var alone = Run("r5", "--file", "m.gguf");
        var beside = Run("r6", "--file", "m.gguf", "--file", demo.Model("demo-echo-F16"));

        Assert.Equal(5, alone.ExitCode);
        Assert.Equal(6, beside.ExitCode);
        var run = new RunOnDisk(_here.Folder.At("r5"));
        Assert.Equal("failed", Assert.Single(run.Files.Rows)["status"]);
        Assert.Equal(["without", "with"], run.Echo.Rows.Select(row => row["arm"]));
        Assert.All(
            run.Echo.Rows,
            row =>
            {
                Assert.Equal("", row["item"]);
                Assert.Equal("failed", row["status"]);
                Assert.Contains("unknown model architecture: 'nosucharch'", row["reason"]);
            }
        );
        Assert.Equal(
            2 * 27,
            new RunOnDisk(_here.Folder.At("r6")).Echo.Rows.Count(row => row["status"] == "ok")
        );
    }

    private Outcome Run(string folder, params string[] arguments) =>
        Echorate.Run(
            _here.Folder.Path,
            [
                .. $"run --items words --prompts published --threads 1 --csv data --out {folder}".Split(
                    ' '
                ),
                .. arguments,
            ]
        );

    private void Refuses(string problem, byte[]? content = null)
    {
        if (content is not null)
        {
            _here.Folder.Write("m.gguf", content);
        }
        var path = Path.Combine("{folder}", "m.gguf");
        _here.Refuses(
            3,
            $"{path}: {problem.Replace("{folder}/m.gguf", path)}",
            "run --file m.gguf --out r"
        );
    }

    public void Dispose() => _here.Dispose();
}
