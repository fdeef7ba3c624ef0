namespace EchoRate.Cli.Tests.Workers;

/// <summary>Ctrl-C reaches every process of a terminal; the run decides, its worker does not die of it.</summary>
public sealed class SignalTests(DemoRun demo) : LongRun(demo)
{
    private const int Hangup = 1;
    private const int CtrlC = 2;

    [Theory]
    [InlineData(CtrlC)]
    [InlineData(Hangup)]
    public void A_signal_ends_the_run_after_the_row_and_leaves_no_failed_one(int signal)
    {
        Processes.SkipWhereHidden(signal);
        using var program = StartAndWaitForRows();
        var worker = Processes.WorkerOf(program);

        // A terminal sends Ctrl-C to both; kill means the program alone.
        if (signal == CtrlC)
        {
            Processes.Signal(worker, signal);
        }
        program.Signal(signal);
        var outcome = program.WaitForEnd(TimeSpan.FromSeconds(15));

        Assert.Equal((130, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(
            [
                "echorate: stopping after this row; once more stops at once",
                $"Interrupted; the rows measured so far are in {Folder.At("r", "rows")}; go on with: echorate run --resume --out {Folder.At("r")}",
            ],
            // Behind the line that says what computes.
            outcome.ErrorLines.Skip(1)
        );
        Assert.False(Processes.Lives(worker));
        var journal = Assert.Single(Read.Journals);
        Assert.InRange(RunOnDisk.Rows(journal).Count(), 55, Rows - 1);
        var text = File.ReadAllText(journal);
        Assert.EndsWith("\n", text);
        Assert.DoesNotContain("\"status\":\"Failed\"", text);
        Assert.DoesNotContain("echo.csv", Read.Names);
        Assert.True(Read.Info.TryGetProperty("started", out _));
        Assert.False(Read.Info.TryGetProperty("finished", out _));
    }

    [Fact]
    public void A_second_signal_ends_both_at_once()
    {
        Processes.SkipWhereHidden(CtrlC);
        using var program = StartAndWaitForRows();
        var worker = Processes.WorkerOf(program);
        // Stopped, it cannot finish its row.
        Processes.Signal(worker, 19);

        program.Signal(CtrlC);
        Assert.False(program.EndsWithin(TimeSpan.FromMilliseconds(500)));
        program.Signal(CtrlC);
        var outcome = program.WaitForEnd(TimeSpan.FromSeconds(10));
        Processes.Signal(worker, 18);

        Assert.Equal(130, outcome.ExitCode);
        Processes.WaitUntilGone(worker);
    }
}
