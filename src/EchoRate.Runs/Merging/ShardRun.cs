using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Merging;

/// <summary>The finished run of one shard.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Info">Its provenance.</param>
public sealed record ShardRun(RunFolder Folder, RunInfo Info)
{
    /// <summary>Which shard it is.</summary>
    public RunInfo.ShardInfo Shard => Info.Shard!;

    /// <summary>Opens the shards of one run and makes sure that they are: all of them, none twice, all finished, all asked the same.</summary>
    /// <param name="paths">Their folders, in any order.</param>
    /// <returns>The shards in their order.</returns>
    /// <exception cref="RunException">A folder is no shard's, or its run is not finished.</exception>
    /// <exception cref="RunDiffersException">The folders do not belong together.</exception>
    public static IReadOnlyList<ShardRun> OpenAll(IEnumerable<string> paths)
    {
        var shards = paths.Select(Open).OrderBy(shard => shard.Shard.Number).ToList();
        var first = shards[0];
        foreach (var other in shards.Skip(1))
        {
            if (other.Shard.Count != first.Shard.Count)
            {
                throw new RunDiffersException(
                    $"{other.Folder.Path}: shard {other.Shard}, and {first.Folder.Path} is shard {first.Shard}: not of one run"
                );
            }
            if (RunDifferences.ForMerging(first.Info, other.Info) is { Count: > 0 } differences)
            {
                throw new RunDiffersException(
                    $"{other.Folder.Path}: not a shard of the run of {first.Folder.Path}: {string.Join("; ", differences)}"
                );
            }
        }
        foreach (var same in shards.GroupBy(shard => shard.Shard).Where(same => same.Count() > 1))
        {
            throw new RunDiffersException(
                $"shard {same.Key} is given twice: {string.Join(", ", same.Select(shard => shard.Folder.Path))}"
            );
        }
        var missing = Enumerable
            .Range(1, first.Shard.Count)
            .Except(shards.Select(shard => shard.Shard.Number))
            .Select(number => (first.Shard with { Number = number }).ToString())
            .ToList();
        return missing.Count == 0
            ? shards
            : throw new RunDiffersException(
                $"of {first.Shard.Count} shards {missing.Count} {(missing.Count == 1 ? "is" : "are")} missing: {string.Join(", ", missing.Take(10))}{(missing.Count > 10 ? " …" : "")}"
            );
    }

    private static ShardRun Open(string path)
    {
        var folder = RunFolder.Open(path);
        var info = RunInfo.Read(folder.InfoPath);
        if (info.Shard is null)
        {
            throw new RunException(
                $"{folder.Path}: not a shard: it was not run with --shard, and holds all of its run's rows"
            );
        }
        if (info.Finished is null)
        {
            throw new RunException(
                folder.IsInUse
                    ? $"{folder.Path}: shard {info.Shard} still runs"
                    : $"{folder.Path}: shard {info.Shard} is not finished; go on with it: echorate run --resume --out {folder.Path}"
            );
        }
        return folder.Journals.Count == info.JournalCount
            ? new ShardRun(folder, info)
            : throw new RunException(
                $"{folder.Path}: the run has {info.Extent} and its folder rows holds {folder.Journals.Count} of them"
            );
    }
}
