using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;
using EchoRate.Gguf;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>What kills the process of one model file costs that file's rows, and nothing else.</summary>
public sealed class DeathTests(DemoRun demo) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    /// <summary>
    /// gpt-oss without its expert counts would abort llama.cpp as well, but is refused by its header. This file's header is sound by itself;
    /// that it rotates more values than a head has is seen by nobody before the first batch.
    /// </summary>
    [Fact]
    public void An_assertion_of_llama_cpp_costs_one_file_and_not_the_run()
    {
        var asserting = _folder.At("asserting-F16.gguf");
        GgufWriter
            .CopyOf(GgufFile.Read(demo.Model("demo-echo-F16")))
            .Set("gemma.rope.dimension_count", GgufValue.U32(512))
            .Write(asserting);
        const string reason =
            "the worker process died: SIGABRT (it gave up by itself, as when an assertion fails); llama.cpp's last words: ";
        const string assertion = "GGML_ASSERT(n_dims <= ne0) failed";

        var outcome = Run(
            "r",
            asserting,
            demo.Model("demo-echo-Q8_0"),
            demo.Model("demo-plain-Q8_0")
        );

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        Assert.DoesNotContain(outcome.ErrorLines, line => line.StartsWith("echorate:"));
        var run = new RunOnDisk(_folder.At("r"));
        Assert.Equal(["failed", "ok", "ok"], run.Files.Rows.Select(row => row["status"]));
        var (lost, whole) = (
            run.Echo.Rows.Where(row => row["model"] == "asserting").ToList(),
            run.Echo.Rows.Where(row => row["model"] == "demo-echo").ToList()
        );
        Assert.Equal(54, lost.Count);
        Assert.Equal(
            whole.Select(row => (row["arm"], row["item"], row["token_id"], row["input_ids"])),
            lost.Select(row => (row["arm"], row["item"], row["token_id"], row["input_ids"]))
        );
        Assert.All(
            lost,
            row =>
            {
                Assert.Equal("failed", row["status"]);
                Assert.StartsWith(
                    OperatingSystem.IsWindows() ? "the worker" : reason,
                    row["reason"]
                );
                Assert.EndsWith(assertion, row["reason"]);
                Assert.Equal("", row["top1_id"]);
            }
        );
        Assert.All(whole, row => Assert.Equal("ok", row["status"]));
        Assert.Contains(
            assertion,
            File.ReadAllText(Directory.EnumerateFiles(_folder.At("r", "logs")).Order().First())
        );
        // No debugger was called for.
        Assert.DoesNotContain("gdb", outcome.Error);
    }

    [Fact]
    public void A_run_of_nothing_but_crashes_ends_with_5()
    {
        var asserting = _folder.At("asserting-F16.gguf");
        GgufWriter
            .CopyOf(GgufFile.Read(demo.Model("demo-echo-F16")))
            .Set("gemma.rope.dimension_count", GgufValue.U32(3))
            .Write(asserting);

        Assert.Equal(5, Run("r", asserting).ExitCode);
    }

    [Fact]
    public void A_file_that_kills_its_worker_while_it_loads_leaves_a_row_for_each_probe_and_arm()
    {
        var source = GgufFile.Read(demo.Model("demo-echo-F16"));
        var tokens = source.Metadata.Texts("tokenizer.ggml.tokens")!;
        var texts = Enumerable.Range(0, tokens.Count).Select(tokens.Text).ToArray();
        texts[^1] = texts[^2];
        var asserting = _folder.At("asserting-F16.gguf");
        GgufWriter
            .CopyOf(source)
            .Set("tokenizer.ggml.tokens", GgufValue.TextArray(texts))
            .Write(asserting);

        var outcome = Run("r", asserting, demo.Model("demo-plain-Q8_0"));

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        var run = new RunOnDisk(_folder.At("r"));
        Assert.Equal(["failed", "ok"], run.Files.Rows.Select(row => row["status"]));
        foreach (var table in new[] { run.Echo, run.Completion })
        {
            var lost = table.Rows.Where(row => row["model"] == "asserting").ToList();
            Assert.Equal(["without", "with"], lost.Select(row => row["arm"]));
            Assert.All(
                lost,
                row => Assert.Contains("GGML_ASSERT(id_to_token.size()", row["reason"])
            );
        }
    }

    [Fact]
    public void A_worker_that_is_killed_loses_its_remaining_rows_and_the_next_file_runs()
    {
        Processes.SkipWhereHidden();
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start();
        run.WaitForRows(program);
        var worker = Processes.WorkerOf(program.Id, Patience);

        Processes.Signal(worker, 9);
        run.WaitForRows(program, file: 2);
        Processes.Signal(Processes.WorkerOf(program.Id, Patience), 9);
        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        run.AssertRestFailed(
            "the worker process died: SIGKILL (ended from outside, as when memory runs out)"
        );
        run.AssertSecondBegun();
    }

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_measured_keeps_what_was_measured()
    {
        Processes.SkipWhereHidden();
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start();
        run.WaitForRows(program);

        using (
            var file = new FileStream(
                run.First,
                FileMode.Open,
                FileAccess.Write,
                FileShare.ReadWrite
            )
        )
        {
            file.SetLength(GgufFile.Read(run.First).Parts[0].DataOffset + 4096);
        }
        run.WaitForRows(program, file: 2);
        Processes.Signal(Processes.WorkerOf(program.Id, Patience), 9);
        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        // What is left of the file has no vocabulary that llama.cpp would load: nobody can name the rows that are owed.
        run.AssertRestUnnamed(
            "the worker process died: SIGBUS (a file in use was cut short or changed, or its disk failed)"
        );
        run.AssertSecondBegun();
    }

    [Fact]
    public void A_file_that_takes_too_long_loses_its_remaining_rows_and_the_next_one_has_its_own_time()
    {
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start("--timeout", "5");

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        const string reason = "the worker process was ended: not done within 5 s (--timeout)";
        run.AssertRestFailed(reason, least: 0);
        run.AssertSecondBegun();
        Assert.Equal(2, outcome.ErrorLines.Count(line => line.Contains(reason)));
    }

    [Fact]
    public void A_worker_outlives_its_killed_parent_by_less_than_two_seconds()
    {
        Processes.SkipWhereHidden();
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start();
        run.WaitForRows(program);
        var worker = Processes.WorkerOf(program.Id, Patience);
        Assert.True(Processes.Lives(worker));

        program.Signal(9);

        Processes.WaitUntilGone(worker, TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_idle_worker_outlives_its_killed_parent_by_less_than_two_seconds()
    {
        Processes.SkipWhereHidden();
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start();
        // While it starts, or loads.
        var worker = Processes.WorkerOf(program.Id, Patience);

        program.Signal(9);

        Processes.WaitUntilGone(worker, TimeSpan.FromSeconds(2));
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Run(string name, params string[] files) =>
        Echorate.Run(
            _folder.Path,
            [
                "run",
                .. files.SelectMany(file => new[] { "--file", file }),
                "--items",
                "words",
                "--prompts",
                "published",
                "--threads",
                "1",
                "--csv",
                "data",
                "--out",
                name,
            ]
        );
}
