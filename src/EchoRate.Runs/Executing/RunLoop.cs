using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>Measures every file of a run on every target: file by file, and each file on one target after the other.</summary>
public static class RunLoop
{
    /// <summary>Measures. What an earlier process left in the folder is gone on with.</summary>
    /// <param name="work">What is measured.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops between two rows; what was measured stays.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public static void Run(RunWork work, IRunProgress progress, CancellationToken cancellation)
    {
        var targets = work.Targets;
        if (
            targets.CountBy(on => (on.Target.Engine, on.Target.DeviceLabel)).Any(on => on.Value > 1)
        )
        {
            throw new ArgumentException("two targets have engine and device label in common");
        }
        // A file is read through once, whatever it is measured on.
        var hashes = new ModelHashes(work.Files, work.KnownHashes);
        var references = targets.Select((on, place) => ReferencesOf(work, on, place)).ToList();
        var count = work.Files.Count * targets.Count;
        foreach (var (place, file) in work.Files.Index())
        {
            foreach (var (number, on) in targets.Index())
            {
                var index = place * targets.Count + number + 1;
                var runner = new FileRunner(work, on, references[number], hashes, index, file)
                {
                    Progress = progress,
                    Cancellation = cancellation,
                };
                if (file.Barred?.Status == RowStatus.NotHere)
                {
                    runner.Run();
                    continue;
                }
                // How many rows a look gives is known of the loaded file.
                var rows = work.Request.Look is null
                    ? work.Request.RowCount(file.Facts) / work.Selection.Shards
                    : 0;
                progress.Begin(
                    file.Facts,
                    targets.Count > 1 ? on.Target : null,
                    index,
                    count,
                    rows
                );
                progress.End(runner.Run());
            }
        }
        references.ForEach(one => one.Complete());
    }

    private static References ReferencesOf(RunWork work, TargetMeasurer on, int place)
    {
        var finished = work
            .Files.Where(
                (file, index) =>
                    JournalReader.LastRecord(
                        work.Folder.JournalPath(
                            FileRunner.StemOf(
                                index * work.Targets.Count + place + 1,
                                file,
                                on.Target
                            )
                        )
                    )
                        is not null
            )
            .ToHashSet();
        // Only answers of a run are held against each other.
        IReadOnlyList<FileJob> compared = work.Request.Look is null ? work.Files : [];
        return new References(work.Folder, compared, place + 1, finished.Contains);
    }
}
