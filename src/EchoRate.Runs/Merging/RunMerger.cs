using EchoRate.Core.Models;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Merging;

/// <summary>Makes the folder of one whole run from those of its shards: provenance, journals, logs. The CSV files are rendered from it.</summary>
public static class RunMerger
{
    /// <summary>Merges into a new folder, which is gone again where that fails.</summary>
    /// <param name="shards">The shards, all of them, in order (<see cref="ShardRun.OpenAll"/>).</param>
    /// <param name="folder">The new run's folder.</param>
    /// <param name="arguments">The command line.</param>
    /// <param name="workingFolder">The folder that its relative paths start from.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <returns>The new run's provenance, not yet finished.</returns>
    /// <exception cref="RunException">Rows are missing, or the folder cannot be written.</exception>
    /// <exception cref="RunDiffersException">The shards did not measure the same files in the same way.</exception>
    public static RunInfo Merge(
        IReadOnlyList<ShardRun> shards,
        RunFolder folder,
        IReadOnlyList<string> arguments,
        string workingFolder,
        CancellationToken cancellation
    )
    {
        var info = shards[0].Info with
        {
            RunId = folder.RunId,
            Shard = null,
            Arguments = arguments,
            WorkingFolder = workingFolder,
            Started = shards.Min(shard => shard.Info.Started),
            Finished = null,
            Resumed = [],
            MergedFrom = [.. shards.Select(Describe)],
        };
        try
        {
            return RunException.Guard(
                $"{folder.Path}: cannot be written",
                "the shards are as they were",
                () => Write(info, shards, folder, cancellation)
            );
        }
        catch
        {
            folder.Discard();
            throw;
        }
    }

    private static RunInfo Write(
        RunInfo info,
        IReadOnlyList<ShardRun> shards,
        RunFolder folder,
        CancellationToken cancellation
    )
    {
        info.Write(folder.InfoPath);
        for (var index = 0; index < info.JournalCount; index++)
        {
            IReadOnlyList<string> flags = HaveOneLibrary(shards, index % info.Targets.Count)
                ? []
                : [RowFlags.CpuLibrariesDiffer];
            var parts = shards.Select(shard => shard.Folder.Journals[index]).ToList();
            var stem = Path.GetFileNameWithoutExtension(parts[0]);
            if (parts.Find(part => Path.GetFileNameWithoutExtension(part) != stem) is { } other)
            {
                throw new RunDiffersException($"{other}: {stem} in {shards[0].Folder.Path}");
            }
            var merged = folder.JournalPath(stem);
            JournalMerge.Write(parts, merged, flags, cancellation);
            // A shard that could not be checked leaves the file unchecked.
            var checks = parts.ConvertAll(RunFolder.CheckOf);
            if (checks.TrueForAll(File.Exists))
            {
                MergeChecks(checks, RunFolder.CheckOf(merged), flags, cancellation);
            }
            JoinLogs(shards, stem, folder.LogPath(stem));
        }
        return info;
    }

    private static void MergeChecks(
        IReadOnlyList<string> parts,
        string destination,
        IReadOnlyList<string> flags,
        CancellationToken cancellation
    )
    {
        try
        {
            JournalMerge.Write(parts, destination, flags, cancellation);
        }
        catch (Exception e) when (e is RunException or RunDiffersException)
        {
            File.Delete(destination);
        }
    }

    /// <summary>Whether all shards computed with one CPU library, so that their rows are those of one machine to the last digit.</summary>
    public static bool HaveOneLibrary(IReadOnlyList<ShardRun> shards) =>
        Enumerable
            .Range(0, shards[0].Info.Targets.Count)
            .All(target => HaveOneLibrary(shards, target));

    private static bool HaveOneLibrary(IReadOnlyList<ShardRun> shards, int target) =>
        shards
            .Select(shard => Path.GetFileName(shard.Info.Targets[target].CpuLibrary))
            .Distinct()
            .Count() == 1;

    private static RunInfo.MergedRun Describe(ShardRun shard) =>
        new(
            shard.Info.RunId,
            shard.Shard,
            shard.Info.Arguments,
            shard.Info.Machine,
            shard.Info.Targets,
            shard.Info.Started,
            shard.Info.Resumed,
            shard.Info.Finished!.Value
        );

    private static void JoinLogs(IEnumerable<ShardRun> shards, string stem, string destination)
    {
        using var joined = File.Create(destination);
        foreach (var path in shards.Select(shard => shard.Folder.LogPath(stem)).Where(File.Exists))
        {
            using var log = File.OpenRead(path);
            log.CopyTo(joined);
        }
    }
}
