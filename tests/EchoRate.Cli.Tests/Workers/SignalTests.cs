namespace EchoRate.Cli.Tests.Workers;

/// <summary>Ctrl-C reaches every process of a terminal; the run decides, its worker does not die of it.</summary>
[Collection(nameof(Alone))]
public sealed class SignalTests(DemoRun demo) : IDisposable
{
    private const int Hangup = 1;
    private const int CtrlC = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LongRun _run = new(demo.Model("demo-echo-F16"), demo.Model("demo-plain-Q8_0"));

    [Theory]
    [InlineData(CtrlC)]
    [InlineData(Hangup)]
    public void A_signal_ends_the_run_after_the_row_and_leaves_no_failed_one(int signal)
    {
        Processes.SkipWhereHidden();
        Signals.SkipWhereIgnored(signal);
        using var program = _run.Start();
        _run.WaitForRows(program);
        var worker = Processes.WorkerOf(program.Id, Patience);

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
                $"Interrupted; the rows measured so far are in {Path.Combine(_run.Folder, "rows")}; go on with: echorate run --resume --out {_run.Folder}",
            ],
            // Behind the line that says what computes.
            outcome.ErrorLines.Skip(1)
        );
        Assert.False(Processes.Lives(worker));
        var journal = Assert.Single(_run.Run.Journals);
        Assert.InRange(RunOnDisk.Rows(journal).Count(), 55, LongRun.Rows - 1);
        var text = File.ReadAllText(journal);
        Assert.EndsWith("\n", text);
        Assert.DoesNotContain("\"status\":\"Failed\"", text);
        Assert.False(File.Exists(Path.Combine(_run.Folder, "echo.csv")));
        var info = File.ReadAllText(Path.Combine(_run.Folder, "run.json"));
        Assert.Contains("\"started\"", info);
        Assert.DoesNotContain("\"finished\"", info);
    }

    [Fact]
    public void A_second_signal_ends_both_at_once()
    {
        Processes.SkipWhereHidden();
        Signals.SkipWhereIgnored(CtrlC);
        using var program = _run.Start();
        _run.WaitForRows(program);
        var worker = Processes.WorkerOf(program.Id, Patience);
        // Stopped, it cannot finish its row.
        Processes.Signal(worker, 19);

        program.Signal(CtrlC);
        Thread.Sleep(500);
        Assert.True(program.IsRunning);
        program.Signal(CtrlC);
        var outcome = program.WaitForEnd(TimeSpan.FromSeconds(10));
        Processes.Signal(worker, 18);

        Assert.Equal(130, outcome.ExitCode);
        Processes.WaitUntilGone(worker, TimeSpan.FromSeconds(2));
    }

    public void Dispose() => _run.Dispose();
}
