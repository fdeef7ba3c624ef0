namespace EchoRate.Cli.Tests.Workers;

/// <summary>What is known to make llama.cpp abort is refused by the header, so the file is exchanged for one that aborts when the run has read it.</summary>
public sealed class AssertionTests(DemoRun demo) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void An_assertion_of_llama_cpp_costs_one_file_and_not_the_run()
    {
        const string reason =
            "the worker process died: SIGABRT (it gave up by itself, as when an assertion fails); llama.cpp's last words: ";
        const string assertion = "GGML_ASSERT(n_dims <= ne0) failed";
        var exchanged = WithDimensions("exchanged-F16.gguf", 64);
        // It has the time and the size of the first: nothing shows.
        var other = WithDimensions("other.gguf", 512);
        File.SetLastWriteTimeUtc(other, File.GetLastWriteTimeUtc(exchanged));
        _folder.Write(
            "p.csv",
            "id,prompt,expected\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 100)
                        .Select(i => $"{i},The red apple and the blue sky, Mary\n")
                )
        );

        using var program = Echorate.Start(
            _folder.Path,
            [],
            $"run --file {demo.Model("demo-plain-F16")} --file {exchanged} --file {demo.Model("demo-echo-Q8_0")} "
                + "--items words --prompts p.csv --continue-tokens 40 "
                + "--no-check --threads 1 --csv data --out r"
        );
        program.WaitFor(() =>
            Directory.Exists(_folder.At("r", "rows"))
            && Directory
                .EnumerateFiles(_folder.At("r", "rows"), "001-*")
                .Any(journal => new FileInfo(journal).Length > 8_000)
        );
        File.Move(other, exchanged, overwrite: true);
        var outcome = program.WaitForEnd(TimeSpan.FromMinutes(2));

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        Assert.DoesNotContain(outcome.ErrorLines, line => line.StartsWith("echorate:"));
        var run = new RunOnDisk(_folder.At("r"));
        Assert.Equal(["ok", "failed", "ok"], run.Files.Rows.Select(row => row["status"]));
        var lost = run.Echo.Rows.Where(row => row["model"] == "exchanged").ToList();
        var whole = run.Echo.Rows.Where(row => row["model"] == "demo-echo").ToList();
        Assert.Equal(54, lost.Count);
        Assert.Equal(
            whole.Select(row => (row["arm"], row["item"], row["token_id"], row["input_ids"])),
            lost.Select(row => (row["arm"], row["item"], row["token_id"], row["input_ids"]))
        );
        Assert.All(
            lost,
            row =>
            {
                Assert.Equal(("failed", ""), (row["status"], row["top1_id"]));
                Assert.StartsWith(
                    OperatingSystem.IsWindows() ? "the worker" : reason,
                    row["reason"]
                );
                Assert.EndsWith(assertion, row["reason"]);
            }
        );
        Assert.All(whole, row => Assert.Equal("ok", row["status"]));
        var log = Directory.EnumerateFiles(_folder.At("r", "logs"), "002-*").Single();
        Assert.Contains(assertion, File.ReadAllText(log));
        // No debugger was called for.
        Assert.DoesNotContain("gdb", outcome.Error);
    }

    private string WithDimensions(string name, uint count)
    {
        GgufWriter
            .CopyOf(GgufFile.Read(demo.Model("demo-echo-F16")))
            .Set("gemma.rope.dimension_count", GgufValue.U32(count))
            .Write(_folder.At(name));
        return _folder.At(name);
    }

    public void Dispose() => _folder.Dispose();
}
