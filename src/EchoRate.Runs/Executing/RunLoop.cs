using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Measures every file of a run on every target: file by file, and each file on one target after the other.</summary>
public sealed class RunLoop
{
    private readonly IReadOnlyList<FileJob> _jobs;
    private readonly ProbeRequest _request;
    private readonly List<(RunTarget Target, References References, FileRunner Runner)> _targets;

    /// <summary>Prepares for the files and targets of a run.</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="jobs">The files, each ladder's in one piece (<see cref="Ladders.Order"/>).</param>
    /// <param name="targets">The targets; no two have engine and device label in common.</param>
    /// <param name="request">What is asked of every file.</param>
    /// <param name="load">How files are loaded; its sequences are the most of a batch.</param>
    /// <param name="hashMemory">Knows files that were read before; null for none.</param>
    /// <param name="isMemoryWeighed">Whether a batch may have fewer sequences than asked for where memory is short.</param>
    public RunLoop(
        RunFolder folder,
        IReadOnlyList<FileJob> jobs,
        IReadOnlyList<TargetMeasurer> targets,
        ProbeRequest request,
        LoadOptions load,
        HashMemory? hashMemory,
        bool isMemoryWeighed = true
    )
    {
        if (
            targets.CountBy(at => (at.Target.Engine, at.Target.DeviceLabel)).Any(at => at.Value > 1)
        )
        {
            throw new ArgumentException(
                "two targets have engine and device label in common",
                nameof(targets)
            );
        }
        (_jobs, _request) = (jobs, request);
        // A file is read through once, whatever it is measured on.
        var hashes = new ModelHashes(jobs, hashMemory);
        _targets =
        [
            .. targets.Select(
                (at, place) =>
                {
                    var finished = jobs.Where(
                            (job, file) =>
                                IsFinished(folder, file * targets.Count + place + 1, job, at.Target)
                        )
                        .ToHashSet(ReferenceEqualityComparer.Instance);
                    var references = new References(folder, jobs, at.Target, finished.Contains);
                    var runner = new FileRunner(
                        at.Measurer,
                        at.Target,
                        folder,
                        request,
                        load,
                        references,
                        hashes,
                        isMemoryWeighed,
                        isOneOfSeveral: targets.Count > 1
                    );
                    return (at.Target, references, runner);
                }
            ),
        ];
    }

    private static bool IsFinished(RunFolder folder, int index, FileJob job, RunTarget target)
    {
        var journal = folder.JournalPath(FileRunner.StemOf(index, job, target));
        return File.Exists(journal) && JournalReader.IsComplete(journal);
    }

    /// <summary>Measures. What an earlier process left in the folder is gone on with.</summary>
    /// <param name="selection">Which rows of each file.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops between two rows; what was measured stays.</param>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public void Run(RowSelection selection, IRunProgress progress, CancellationToken cancellation)
    {
        var count = _jobs.Count * _targets.Count;
        var index = 0;
        foreach (var job in _jobs)
        {
            foreach (var (target, _, runner) in _targets)
            {
                index++;
                if (job.Barred?.Status == RowStatus.NotHere)
                {
                    runner.Run(index, job, _ => { }, cancellation, selection);
                    continue;
                }
                progress.Begin(
                    job.Facts,
                    _targets.Count > 1 ? target : null,
                    index,
                    count,
                    _request.RowCount(job.Facts) / selection.Shards
                );
                progress.End(runner.Run(index, job, progress.Rows, cancellation, selection));
            }
        }
        _targets.ForEach(at => at.References.Complete());
    }
}
