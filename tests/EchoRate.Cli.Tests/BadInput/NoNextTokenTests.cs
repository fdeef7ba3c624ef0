using System.Text.Json;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.BadInput;

/// <summary>Files that load, and of which the question makes no sense, or another one than people think: rows and a line say so.</summary>
public sealed class NoNextTokenTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("gemma.pooling_type", "an embedding model or a reranker")]
    [InlineData("gemma.attention.causal", "every token sees the ones behind it too")]
    public void An_embedding_model_is_refused_and_not_measured(string key, string why)
    {
        var file = GgufFile.Read(demo.Model("demo-echo-Q8_0"));
        GgufWriter
            .CopyOf(file)
            .Add(key, key.EndsWith("causal") ? GgufValue.Bool(false) : GgufValue.U32(1))
            .Write(_folder.At("embedding-Q8_0.gguf"));

        var alone = Run("r5", "embedding-Q8_0.gguf");
        var beside = Run("r6", "embedding-Q8_0.gguf", demo.Model("demo-echo-Q8_0"));

        Assert.Equal((5, 6), (alone.ExitCode, beside.ExitCode));
        Assert.Contains(why, alone.Error);
        var run = new RunOnDisk(_folder.At("r5"));
        Assert.All(
            [.. run.Files.Rows, .. run.Echo.Rows, .. run.Completion.Rows],
            row =>
            {
                Assert.Equal("failed", row["status"]);
                Assert.Contains(why, row["reason"]);
            }
        );
        Assert.Equal(
            54,
            new RunOnDisk(_folder.At("r6")).Echo.Rows.Count(row => row["status"] == "ok")
        );
        // To be looked at it is as good as any.
        var inspected = Echorate.Run(_folder.Path, "inspect embedding-Q8_0.gguf");
        Assert.Equal(0, inspected.ExitCode);
        Assert.Contains(why, inspected.Out);
    }

    [Fact]
    public void A_file_without_pre_tokenizer_is_measured_and_flagged_on_every_row()
    {
        foreach (var quant in new[] { "F16", "Q8_0" })
        {
            var writer = GgufWriter.CopyOf(GgufFile.Read(demo.Model("demo-plain-" + quant)));
            writer.Remove("tokenizer.ggml.pre");
            writer.Write(_folder.At($"plain-{quant}.gguf"));
        }

        var outcome = Run("r", "plain-F16.gguf", "plain-Q8_0.gguf");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains(
            "Warning: plain F16, plain Q8_0: tokenizer.ggml.pre is absent: llama.cpp takes 'default' and splits words otherwise than in training (flag no_pre_tokenizer)",
            outcome.ErrorLines
        );
        var run = new RunOnDisk(_folder.At("r"));
        Assert.All(
            [
                .. run.Files.Rows,
                .. run.Summary.Rows,
                .. run.Compare.Rows.Where(row => row["items"] != "0"),
            ],
            row => Assert.Contains("no_pre_tokenizer", row["flags"])
        );
        Assert.All(
            run.Echo.Rows.Where(row => row["status"] == "ok"),
            row => Assert.Contains("no_pre_tokenizer", row["flags"])
        );
        var warned = JsonDocument.Parse(
            Echorate.Run(_folder.Path, "inspect plain-F16.gguf --json").Out
        );
        Assert.Contains("no_pre_tokenizer", warned.RootElement.GetProperty("warnings").ToString());
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Run(string folder, params string[] files) =>
        Echorate.Run(
            _folder.Path,
            [
                .. $"run --items words --prompts published --threads 1 --csv data --out {folder}".Split(
                    ' '
                ),
                .. files.SelectMany(file => (string[])["--file", file]),
            ]
        );
}
