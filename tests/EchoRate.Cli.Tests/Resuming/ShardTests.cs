namespace EchoRate.Cli.Tests.Resuming;

/// <summary>Shards of a run, and the run that they make.</summary>
[Collection(nameof(WholeRun))]
public sealed class ShardTests(DemoRun demo, WholeRun whole) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Merged_shards_are_the_whole_run()
    {
        _ = whole.Run;
        foreach (var shard in (string[])["1/3", "2/3", "3/3"])
        {
            var part = Echorate.Run(
                _folder.Path,
                [.. whole.Arguments, .. $"--shard {shard} --out shard{shard[0]}".Split(' ')]
            );
            Assert.True(part.ExitCode == 0, part.Error);
            Assert.Empty(new RunOnDisk(_folder.At($"shard{shard[0]}")).Compare.Rows);
        }
        var before = _folder.Snapshot();

        var merged = Merge("run", "shard3", "shard1", "shard2");

        Assert.True(merged.ExitCode == 0, merged.Error);
        SameRun.Check(whole.Run, new RunOnDisk(_folder.At("run")));
        Assert.Equal(
            before,
            _folder.Snapshot().Where(file => !file.StartsWith(_folder.At("run"), default))
        );
        var summed = new[] { 1, 2, 3 }.Sum(i =>
            new RunOnDisk(_folder.At($"shard{i}")).Files.Rows[0].Number("decode_ms")!.Value
        );
        Assert.Equal(
            summed,
            new RunOnDisk(_folder.At("run")).Files.Rows[0].Number("decode_ms")!.Value,
            6
        );

        Refused(2, "of 3 shards 1 is missing: 2/3", "shard1", "shard3");
        Refused(2, "shard 1/3 is given twice", "shard1", "shard1", "shard2", "shard3");
        Refused(3, "not a shard", "shard1", "run");
        Refused(3, "it has no run.json", "nowhere");
        var compared = Echorate.Run(_folder.Path, "compare", "shard1");
        Assert.Equal(3, compared.ExitCode);
        Assert.Contains("shard 1/3 of a run", compared.Error);
        Assert.Equal(0, Echorate.Run(_folder.Path, "compare", "run").ExitCode);
    }

    [Fact]
    public void Shards_of_other_runs_and_unfinished_ones_are_not_merged()
    {
        Small("a", "1/2");
        Small("b", "2/2", "--seed", "3");
        Small("c", "2/3");
        Small("d", "2/2");
        var info = _folder.At("d", "run.json");
        File.WriteAllText(info, File.ReadAllText(info).Replace("\"finished\"", "\"gone\""));

        Refused(2, "seed: 3, was 0", "a", "b");
        Refused(2, "not of one run", "a", "c");
        Refused(3, "run --resume --out", "a", "d");

        // And one that fails midway leaves nothing behind.
        File.WriteAllText(info, File.ReadAllText(info).Replace("\"gone\"", "\"finished\""));
        var journal = Assert.Single(new RunOnDisk(_folder.At("d")).Journals);
        var lines = File.ReadAllText(journal).Split('\n');
        lines[4] = lines[4].Replace("\"place\":", "\"plays\":");
        File.WriteAllText(journal, string.Join('\n', lines));
        Refused(3, $"{journal}:5: not a row of a run", "a", "d");
    }

    [Fact]
    public void A_shard_without_batches_has_done_its_part()
    {
        Small("a", "40/40");

        Assert.Empty(new RunOnDisk(_folder.At("a")).Echo.Rows);
    }

    private void Small(string name, string shard, params string[] more)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            [
                .. (
                    $"run --file {demo.Model("demo-plain-F16")} --items words "
                    + $"--prompts published --threads 1 --csv data --shard {shard} "
                    + $"--out {name}"
                ).Split(' '),
                .. more,
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }

    private void Refused(int code, string what, params string[] folders)
    {
        var outcome = Merge("other", folders);

        Assert.Equal(code, outcome.ExitCode);
        Assert.Contains(what, Assert.Single(outcome.ErrorLines));
        Assert.False(Directory.Exists(_folder.At("other")));
    }

    private Outcome Merge(string name, params string[] folders) =>
        Echorate.Run(_folder.Path, ["merge", .. folders, "--out", name]);

    public void Dispose() => _folder.Dispose();
}
