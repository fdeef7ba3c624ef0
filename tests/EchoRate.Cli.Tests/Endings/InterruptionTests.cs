using System.Diagnostics;
using System.Text;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;

namespace EchoRate.Cli.Tests.Endings;

/// <summary>Ctrl-C and SIGTERM in the middle of a run: code 130, soon, with the rows so far whole on the disk.</summary>
public sealed class InterruptionTests(DemoRun demo) : IDisposable
{
    private const int Prompts = 3_000;

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(2)]
    [InlineData(15)]
    public void A_signal_ends_the_run_after_the_row(int signal)
    {
        Signals.SkipWhereIgnored(signal);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill(2)");
        using var program = Start();
        WaitForRows(program);
        var clock = Stopwatch.StartNew();

        program.Signal(signal);
        var outcome = program.WaitForEnd(Soon);

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, Soon);
        Assert.Equal(130, outcome.ExitCode);
        Assert.Equal(
            [
                "echorate: stopping after this row; once more stops at once",
                $"Interrupted; the rows measured so far are in {_folder.At("r", "rows")}; go on with: echorate run --resume --out {_folder.At("r")}",
            ],
            // Behind the line that says what computes.
            outcome.ErrorLines.Skip(1)
        );
        Assert.Equal("", outcome.Out);
        var rows = RunOnDisk.Rows(Assert.Single(new RunOnDisk(_folder.At("r")).Journals)).ToList();
        Assert.InRange(rows.Count, 55, 2 * 27 + 2 * Prompts - 1);
        Assert.EndsWith(
            "\n",
            File.ReadAllText(Assert.Single(new RunOnDisk(_folder.At("r")).Journals))
        );
        Assert.False(File.Exists(_folder.At("r", "echo.csv")));
        Assert.Contains("\"started\"", File.ReadAllText(_folder.At("r", "run.json")));
        Assert.DoesNotContain("\"finished\"", File.ReadAllText(_folder.At("r", "run.json")));
    }

    private RunningProgram Start()
    {
        var prompts = new StringBuilder("id,prompt,expected\n");
        for (var i = 0; i < Prompts; i++)
        {
            prompts.Append(i).Append(",The red apple and the blue sky, Mary\n");
        }
        _folder.Write("p.csv", prompts.ToString());
        return Echorate.Start(
            _folder.Path,
            [],
            $"run --file {demo.Model("demo-echo-F16")} --threads 1 --prompts p.csv " + "--out r"
        );
    }

    // The journal is handed to the system every second: rows of prompts are there when it is larger than what the words take.
    private void WaitForRows(RunningProgram program)
    {
        var clock = Stopwatch.StartNew();
        var rows = _folder.At("r", "rows");
        while (
            !Directory.Exists(rows)
            || !Directory.EnumerateFiles(rows).Any(file => new FileInfo(file).Length > 100_000)
        )
        {
            Assert.True(program.IsRunning);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromMinutes(1));
            Thread.Sleep(50);
        }
    }

    public void Dispose() => _folder.Dispose();
}
