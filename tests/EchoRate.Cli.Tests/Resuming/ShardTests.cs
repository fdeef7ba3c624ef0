namespace EchoRate.Cli.Tests.Resuming;

/// <summary>Shards of a run, and the run that they make.</summary>
[Collection(nameof(WholeRun))]
public sealed class ShardTests(DemoRun demo, WholeRun whole) : ProgramTests
{
    [Fact]
    public void Merged_shards_are_the_whole_run()
    {
        List<RunOnDisk> shards =
        [
            .. new[] { 1, 2, 3 }.Select(i =>
                Measure($"{whole.Words} --shard {i}/3 --out shard{i}")
            ),
        ];
        Assert.All(shards, shard => Assert.Empty(shard.Compare.Rows));
        var before = Folder.Snapshot();

        var merged = Run("merge shard3 shard1 shard2 --out r");

        Assert.True(merged.ExitCode == 0, merged.Error);
        var run = Read;
        SameRun.Check(whole.Run, run);
        Assert.Equal(before, Folder.Snapshot().Where(file => !file.StartsWith(run.Path)));
        Assert.Equal(
            shards.Sum(shard => shard.Files.Rows[0].Number("decode_ms")!.Value),
            run.Files.Rows[0].Number("decode_ms")!.Value,
            6
        );

        Refused(2, "of 3 shards 1 is missing: 2/3", "shard1 shard3");
        Refused(2, "shard 1/3 is given twice", "shard1 shard1 shard2 shard3");
        Refused(3, "not a shard", "shard1 r");
        Refused(3, "it has no run.json", "nowhere");
        var compared = Run("compare shard1");
        Assert.Equal(3, compared.ExitCode);
        Assert.Contains("shard 1/3 of a run", compared.Error);
        Assert.Equal(0, Run("compare r").ExitCode);
    }

    [Fact]
    public void Shards_of_other_runs_and_unfinished_ones_are_not_merged()
    {
        Small("a", "1/2");
        Small("b", "2/2 --seed 3");
        Small("c", "2/3");
        var d = Small("d", "2/2");
        // A shard without batches has done its part.
        Assert.Empty(Small("e", "40/40").Echo.Rows);
        var info = Folder.At("d", "run.json");
        File.WriteAllText(info, File.ReadAllText(info).Replace("\"finished\"", "\"gone\""));

        Refused(2, "seed: 3, was 0", "a b");
        Refused(2, "not of one run", "a c");
        Refused(3, "run --resume --out", "a d");

        // And one that fails midway leaves nothing behind.
        File.WriteAllText(info, File.ReadAllText(info).Replace("\"gone\"", "\"finished\""));
        var journal = Assert.Single(d.Journals);
        var lines = File.ReadAllText(journal).Split('\n');
        lines[4] = lines[4].Replace("\"place\":", "\"plays\":");
        File.WriteAllText(journal, string.Join('\n', lines));
        Refused(3, $"{journal}:5: not a row of a run", "a d");
    }

    private RunOnDisk Small(string name, string shard) =>
        Measure(
            $"run --file {demo.Model("demo-plain-F16")} --items words --prompts published --no-check --shard {shard} --out {name}"
        );

    private void Refused(int code, string what, string folders)
    {
        var outcome = Run($"merge {folders} --out other");

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(what, Assert.Single(outcome.ErrorLines));
        Assert.False(Directory.Exists(Folder.At("other")));
    }
}
