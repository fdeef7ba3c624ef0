using System.Diagnostics;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;

namespace EchoRate.Cli.Tests.Workers;

/// <summary>A disk that others fill while a reference is recorded: the worker hears of it, the run says it.</summary>
public sealed class ReferenceOnFullDiskTests(DemoRun demo) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_reference_that_does_not_fit_any_more_ends_the_run_with_one_line()
    {
        const int kibibytes = 192 * 1024;
        using var disk = SmallDisk.TryMake(_folder.At("disk"), kibibytes);
        Assert.SkipWhen(
            disk is null,
            "a small file system cannot be mounted here (needs Linux and root)"
        );
        using var program = Echorate.Start(
            _folder.Path,
            [],
            $"run --file {demo.Model("demo-echo-F16")} --file "
                + $"{demo.Model("demo-echo-Q8_0")} --items sample:1000 "
                + "--arms without,with,neutral --threads 1 --out disk/r"
        );
        FillWhenRecording(program);

        var outcome = program.WaitForEnd(Patience);

        Assert.True(outcome.ExitCode == 3, $"{outcome.ExitCode} {outcome.Error}");
        var line = Assert.Single(outcome.ErrorLines.Skip(1), line => !line.StartsWith('['));
        Assert.StartsWith($"echorate: {_folder.At("disk", "r")}: cannot be written: ", line);
        Assert.Contains("No space left on device", line);
        var journal = Assert.Single(new RunOnDisk(_folder.At("disk", "r")).Journals);
        var lines = File.ReadAllText(journal).Split('\n')[..^1];
        Assert.All(lines, text => System.Text.Json.JsonDocument.Parse(text).Dispose());
    }

    private void FillWhenRecording(RunningProgram program)
    {
        var clock = Stopwatch.StartNew();
        while (
            !Directory.Exists(_folder.At("disk", "r"))
            || !Directory.EnumerateFiles(_folder.At("disk", "r"), "reference-*.logits").Any()
        )
        {
            Assert.True(program.IsRunning);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, Patience);
            Thread.Sleep(5);
        }
        using var filler = File.Create(_folder.At("disk", "filler"));
        try
        {
            while (true)
            {
                filler.Write(new byte[1 << 16]);
                filler.Flush();
            }
        }
        catch (IOException)
        {
            // Full, as it should be.
        }
    }

    public void Dispose() => _folder.Dispose();
}
