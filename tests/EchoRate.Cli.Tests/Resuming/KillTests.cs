using System.Globalization;
using EchoRate.Cli.Tests.Fixtures;
using EchoRate.Cli.Tests.Program;

namespace EchoRate.Cli.Tests.Resuming;

/// <summary>
/// kill -9 at any moment, over and over, and gone on with each time: the files are those of a run that nothing disturbed. A few kills here;
/// scripts/kill-resume sets how many (ECHORATE_KILLS) and the seed (ECHORATE_KILL_SEED).
/// </summary>
[Collection(nameof(WholeRun))]
public sealed class KillTests(DemoRun demo, WholeRun whole) : IDisposable
{
    private const int Sigkill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TemporaryFolder _folder = new();

    private static int Kills => Number("ECHORATE_KILLS", 3);

    private static int Seed => Number("ECHORATE_KILL_SEED", 1);

    [Fact]
    public void A_run_that_is_killed_and_gone_on_with_comes_out_as_if_it_had_not_been()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no kill(2)");
        _ = demo.Run;
        var expected = whole.Run;
        var random = new Random(Seed);
        var (kills, runs, resumed) = (0, 0, 0);
        while (kills < Kills)
        {
            using var folder = new TemporaryFolder();
            // Half of the runs are killed again on the way; the last word is always a run that ends.
            for (var again = false; ; again = true)
            {
                var moment = whole.Took * random.NextDouble();
                var isLast = again && (kills >= Kills || random.Next(2) == 0);
                using var program = Start(folder, again);
                if (isLast)
                {
                    var end = program.WaitForEnd(Patience);
                    Assert.True(end.ExitCode == 0, $"{end.ExitCode}: {end.Error}");
                    break;
                }
                if (program.EndsWithin(moment))
                {
                    break;
                }
                program.Signal(Sigkill);
                Assert.Equal(128 + Sigkill, program.WaitForEnd(Patience).ExitCode);
                kills++;
            }
            runs++;
            resumed += SameAsWhole(expected, folder);
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Seed}: {kills} kills of the program in {runs} runs, {resumed} of them gone on with: no row lost, none doubled, every file the same"
        );
        Assert.True(kills >= Kills);
    }

    [Fact]
    public void A_worker_that_is_killed_costs_its_own_rows_and_no_other_and_no_row_is_missing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the worker is found in /proc");
        _ = demo.Run;
        var expected = whole.Run;
        var random = new Random(Seed);
        var (kills, failed) = (0, 0);
        while (kills < Kills)
        {
            using var folder = new TemporaryFolder();
            using var program = Start(folder, again: false);
            program.EndsWithin(whole.Took * random.NextDouble());
            // Between two files there is none.
            var isKilled = program.IsRunning && program.KillChild();
            var end = program.WaitForEnd(Patience);

            Assert.True(end.ExitCode == 0, $"{end.ExitCode}: {end.Error}");
            kills += isKilled ? 1 : 0;
            failed += CheckRows(expected, new RunOnDisk(folder.At("run")));
        }
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"seed {Seed}: {kills} kills of a worker: {failed} rows failed, every other row the same, no row lost, none doubled"
        );
    }

    private RunningProgram Start(TemporaryFolder folder, bool again) =>
        again
            ? Echorate.Start(folder.Path, [], "run", "--resume", "--out", "run")
            : Echorate.Start(folder.Path, [], [.. whole.Arguments, "--resume", "--out", "run"]);

    private static int SameAsWhole(RunOnDisk expected, TemporaryFolder folder)
    {
        SameRun.Check(expected, new RunOnDisk(folder.At("run")));
        return File.ReadAllText(folder.At("run", "run.json")).Contains("\"resumed\": []") ? 0 : 1;
    }

    // Rows that were measured are those of the undisturbed run; what rests on a reference may rest on another, where the reference's worker died.
    private static int CheckRows(RunOnDisk expected, RunOnDisk actual)
    {
        var failed = 0;
        foreach (
            var (one, other) in expected
                .Echo.Rows.Concat(expected.Completion.Rows)
                .Zip(actual.Echo.Rows.Concat(actual.Completion.Rows))
        )
        {
            if (other["status"] == "failed" && one["status"] != "failed")
            {
                failed++;
                Assert.Contains("SIGKILL", other["reason"]);
                continue;
            }
            foreach (var (column, value) in one.Cells)
            {
                if (
                    column.StartsWith("reference_", StringComparison.Ordinal)
                    || column.StartsWith("delta_", StringComparison.Ordinal)
                    || column is "kld_nat" or "flip"
                )
                {
                    continue;
                }
                Assert.Equal(value, other[column]);
            }
        }
        foreach (var journal in actual.Journals)
        {
            SameRun.Rows(journal);
        }
        Assert.Equal(expected.Echo.Rows.Count, actual.Echo.Rows.Count);
        Assert.Equal(expected.Completion.Rows.Count, actual.Completion.Rows.Count);
        return failed;
    }

    private static int Number(string variable, int byDefault) =>
        int.TryParse(
            Environment.GetEnvironmentVariable(variable),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var number
        )
            ? number
            : byDefault;

    public void Dispose() => _folder.Dispose();
}
