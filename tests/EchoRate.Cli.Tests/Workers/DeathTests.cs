namespace EchoRate.Cli.Tests.Workers;

/// <summary>What kills the process of one model file costs that file's rows, and nothing else.</summary>
public sealed class DeathTests(DemoRun demo) : LongRun(demo)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public void A_file_that_is_cut_short_while_it_is_measured_ends_the_run_with_3_and_keeps_what_was_measured()
    {
        using var program = StartAndWaitForRows();
        using (
            var file = new FileStream(First, FileMode.Open, FileAccess.Write, FileShare.ReadWrite)
        )
        {
            file.SetLength(GgufFile.Read(First).Parts[0].DataOffset + 4096);
        }

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 3, outcome.Error);
        Assert.Contains(
            $"{First}: was replaced or changed while the run went on",
            outcome.ErrorLines[^1]
        );
        var rows = RunOnDisk.Rows(Assert.Single(Read.Journals)).ToList();
        Assert.InRange(rows.Count, 55, Rows - 1);
        // The worker died of it: what it left behind is measured again when the run is gone on with.
        var failed = rows.SkipWhile(row => row.Text("status") == "Ok").ToList();
        Assert.All(
            failed,
            row =>
            {
                Assert.Equal("Failed", row.Text("status"));
                Assert.StartsWith("the worker process died: SIGBUS", row.Text("reason"));
            }
        );
        Assert.NotEqual(rows.Count, failed.Count);
    }

    [Fact]
    public void A_file_that_takes_too_long_loses_its_remaining_rows_and_the_next_one_has_its_own_time()
    {
        using var program = StartRun("--timeout 5");

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 6, outcome.Error);
        const string reason = "the worker process was ended: not done within 5 s (--timeout)";
        Assert.Equal(2, outcome.ErrorLines.Count(line => line.Contains(reason)));
        // Every item and prompt of the first file has its row, the last ones failed for this reason.
        Assert.Equal(["ok", "ok"], Read.Files.Tell("status"));
        Assert.Contains($" of {Rows} rows failed: {reason}", Read.Files.Rows[0]["reason"]);
        Assert.Equal(2 * 27, Read.Echo.Where("model=first").Count);
        var rows = Read.Completion.Where("model=first");
        Assert.Equal(Rows - (2 * 27), rows.Count);
        var failed = rows.SkipWhile(row => row["status"] == "ok").ToList();
        Assert.NotEmpty(failed);
        Assert.All(
            failed,
            row =>
            {
                Assert.Equal("failed ", row.Tell("status next_id"));
                Assert.StartsWith(reason, row["reason"]);
                Assert.NotEqual("", row["prompt"]);
                Assert.NotEqual("", row["input_ids"]);
            }
        );
        Assert.NotEmpty(Read.Completion.Where("model=demo-plain status=ok"));
    }

    [Fact]
    public void A_worker_outlives_its_killed_parent_by_less_than_two_seconds()
    {
        using var program = StartAndWaitForRows();
        var worker = Processes.WorkerOf(program);

        program.Signal(9);

        Processes.WaitUntilGone(worker);
    }
}
