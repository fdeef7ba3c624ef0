namespace EchoRate.Cli.Tests.Workers;

/// <summary>What kills the process of one model file costs that file's rows, and nothing else.</summary>
[Collection(nameof(Alone))]
public sealed class DeathTests(DemoRun demo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_measured_ends_the_run_with_3_and_keeps_what_was_measured()
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
        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 3, outcome.Error);
        Assert.Contains(
            $"{run.First}: was replaced or changed while the run went on",
            outcome.ErrorLines[^1]
        );
        var rows = RunOnDisk.Rows(Assert.Single(run.Run.Journals)).ToList();
        Assert.InRange(rows.Count, 55, LongRun.Rows - 1);
        // The worker died of it: what it left behind is measured again when the run is gone on with.
        var failed = rows.SkipWhile(row => Status(row) == "Ok").ToList();
        Assert.All(
            failed,
            row =>
            {
                Assert.Equal("Failed", Status(row));
                Assert.StartsWith(
                    "the worker process died: SIGBUS",
                    row.GetProperty("reason").GetString()!
                );
            }
        );
        Assert.NotEqual(rows.Count, failed.Count);

        static string Status(JsonElement row) => row.GetProperty("status").GetString()!;
    }

    [Fact]
    public void A_file_that_takes_too_long_loses_its_remaining_rows_and_the_next_one_has_its_own_time()
    {
        using var run = new LongRun(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));
        using var program = run.Start("--timeout", "5");

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        const string reason = "the worker process was ended: not done within 5 s (--timeout)";
        run.AssertRestFailed(reason);
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
}
