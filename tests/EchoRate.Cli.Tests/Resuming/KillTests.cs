namespace EchoRate.Cli.Tests.Resuming;

/// <summary>
/// kill -9 at any moment, over and over, and gone on with each time: the files are those of a run that nothing disturbed. A few kills here;
/// scripts/kill-resume sets how many (ECHORATE_KILLS) and the seed (ECHORATE_KILL_SEED).
/// </summary>
[Collection(nameof(WholeRun))]
public sealed class KillTests(WholeRun whole)
{
    private const int Sigkill = 9;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static int Kills => Number("ECHORATE_KILLS", 2);

    private static int Seed => Number("ECHORATE_KILL_SEED", 1);

    [Fact]
    public void A_run_that_is_killed_and_gone_on_with_comes_out_as_if_it_had_not_been()
    {
        Processes.SkipWhereHidden();
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
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"seed {Seed}: {kills} kills of the program in {runs} runs, {resumed} of them gone on with: no row lost, none doubled, every file the same"
            );
        }
        Assert.True(kills >= Kills);
    }

    [Fact]
    public void A_worker_that_is_killed_costs_its_own_rows_and_no_other_and_no_row_is_missing()
    {
        Processes.SkipWhereHidden();
        var expected = whole.Run;
        var random = new Random(Seed);
        var (kills, failed) = (0, 0);
        while (kills < Kills)
        {
            using var folder = new TemporaryFolder();
            using var program = Start(folder, again: false);
            program.EndsWithin(whole.Took * random.NextDouble());
            // Between two files there is none, nor before the engine was asked.
            var isKilled = program.IsRunning && Processes.TryKillWorkerOf(program.Id);
            var end = program.WaitForEnd(Patience);
            Assert.True(end.ExitCode is 0 or 6, $"{end.ExitCode}: {end.Error}");

            var actual = new RunOnDisk(folder.At("r"));
            var lost =
                CheckRows(expected.Echo, actual.Echo)
                + CheckRows(expected.Completion, actual.Completion);
            Assert.True(end.ExitCode == (lost == 0 ? 0 : 6), $"{end.ExitCode}: {end.Error}");
            Assert.All(actual.Journals, journal => SameRun.Rows(journal));
            kills += isKilled ? 1 : 0;
            failed += lost;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"seed {Seed}: {kills} kills of a worker: {failed} rows failed, every other row the same, no row lost, none doubled"
            );
        }
    }

    // Killed before run.json was there, nobody but the caller knows what was asked for.
    private RunningProgram Start(TemporaryFolder folder, bool again)
    {
        var words =
            again && File.Exists(folder.At("r", "run.json"))
                ? "run"
                : whole.Words + " --threads 1 --csv data";
        return Echorate.Start(folder.Path, [], Echorate.Words(words + " --resume --out r"));
    }

    private static int SameAsWhole(RunOnDisk expected, TemporaryFolder folder)
    {
        SameRun.Check(expected, new RunOnDisk(folder.At("r")));
        return File.ReadAllText(folder.At("r", "run.json")).Contains("\"resumed\": []") ? 0 : 1;
    }

    // Rows that were measured are those of the undisturbed run; what rests on a reference may rest on another, where the reference's worker died.
    // A file whose worker died before it had loaded leaves one row for each arm.
    private static int CheckRows(CsvFile expected, CsvFile actual)
    {
        var failed = 0;
        var files = expected.Rows.GroupBy(row => row["file_id"]).ToList();
        var others = actual.Rows.GroupBy(row => row["file_id"]).ToDictionary(rows => rows.Key);
        Assert.Equal(files.Count, others.Count);
        foreach (var file in files)
        {
            var rows = others[file.Key].ToList();
            if (rows.Count == 3 && rows.TrueForAll(row => row["input_ids"].Length == 0))
            {
                Assert.All(rows, row => Assert.Contains("SIGKILL", row["reason"]));
                failed += rows.Count;
                continue;
            }
            Assert.Equal(file.Count(), rows.Count);
            failed += file.Zip(rows).Count(pair => IsLost(pair.First, pair.Second));
        }
        return failed;
    }

    private static bool IsLost(CsvRow expected, CsvRow actual)
    {
        if (actual["status"] == "failed" && expected["status"] != "failed")
        {
            Assert.Contains("SIGKILL", actual["reason"]);
            return true;
        }
        foreach (var (column, value) in expected.Cells)
        {
            var restsOnReference =
                column.StartsWith("reference_")
                || column.StartsWith("delta_")
                || column is "kld_nat" or "flip";
            Assert.True(
                restsOnReference || value == actual[column],
                $"{column}: '{actual[column]}', expected '{value}'"
            );
        }
        return false;
    }

    private static int Number(string variable, int byDefault) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } number
            ? int.Parse(number)
            : byDefault;
}
