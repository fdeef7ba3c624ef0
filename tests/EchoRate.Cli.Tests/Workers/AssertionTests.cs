namespace EchoRate.Cli.Tests.Workers;

/// <summary>What is known to make llama.cpp abort is refused by the header, so the file is exchanged for one that aborts when the run has read it.</summary>
public sealed class AssertionTests(DemoRun demo) : ProgramTests
{
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
        Folder.Write(
            "p.csv",
            "id,prompt,expected\n"
                + string.Concat(
                    Enumerable
                        .Range(0, 100)
                        .Select(i => $"{i},The red apple and the blue sky, Mary\n")
                )
        );

        using var program = Start(
            $"run --file {demo.Model("demo-plain-F16")} --file {exchanged} --file {demo.Model("demo-echo-Q8_0")} "
                + "--items words --prompts p.csv --continue-tokens 40 --no-check --threads 1 --csv data --out r"
        );
        program.WaitForFile(Folder.At("r", "rows"), "001-", 8_000);
        File.Move(other, exchanged, overwrite: true);
        var outcome = program.WaitForEnd(TimeSpan.FromMinutes(2));

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        Assert.DoesNotContain(outcome.ErrorLines, line => line.StartsWith("echorate:"));
        Assert.Equal(["ok", "failed", "ok"], Read.Files.Tell("status"));
        var lost = Read.Echo.Where("model=exchanged");
        var whole = Read.Echo.Where("model=demo-echo status=ok");
        Assert.Equal(54, lost.Count);
        const string named = "arm item token_id input_ids";
        Assert.Equal(whole.Tell(named), lost.Tell(named));
        Assert.All(
            lost,
            row =>
            {
                Assert.Equal("failed ", row.Tell("status top1_id"));
                Assert.StartsWith(
                    OperatingSystem.IsWindows() ? "the worker" : reason,
                    row["reason"]
                );
                Assert.EndsWith(assertion, row["reason"]);
            }
        );
        var log = Directory.EnumerateFiles(Folder.At("r", "logs"), "002-*").Single();
        Assert.Contains(assertion, File.ReadAllText(log));
        // No debugger was called for.
        Assert.DoesNotContain("gdb", outcome.Error);
    }

    private string WithDimensions(string name, uint count) =>
        Bend(
            demo.Model("demo-echo-F16"),
            name,
            writer => writer.With("gemma.rope.dimension_count", count)
        );
}
