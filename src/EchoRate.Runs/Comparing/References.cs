using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Comparing;

/// <summary>
/// The references of a run on one of its targets, one for each ladder of two or more files: the first of its files that is measured. A
/// ladder's files on disk go when its last file is done; a run that is cut off leaves them, so that it can be gone on with.
/// </summary>
public sealed class References
{
    private const string FilePrefix = "reference-";
    private readonly RunFolder _folder;
    private readonly int _target;
    private readonly OrderedDictionary<(string, string?, string?), int> _left;
    private readonly HashSet<(string, string?, string?)> _open;
    private readonly Dictionary<(string, string?, string?), ReferencePlan> _measured = [];

    /// <summary>Prepares for the files of a run, each ladder's in one piece (<see cref="Ladders.Order"/>).</summary>
    /// <param name="folder">The run's folder.</param>
    /// <param name="jobs">Its files.</param>
    /// <param name="target">The number of the target.</param>
    /// <param name="isFinished">Whether an earlier process had done a file on this target.</param>
    public References(
        RunFolder folder,
        IReadOnlyList<FileJob> jobs,
        int target,
        Func<FileJob, bool> isFinished
    )
    {
        (_folder, _target) = (folder, target);
        _open =
        [
            .. jobs.Where(job => job.Barred is null && !isFinished(job))
                .Select(job => Ladders.KeyOf(job.Facts)),
        ];
        _left = new(jobs.Where(job => job.Barred is null).CountBy(job => Ladders.KeyOf(job.Facts)));
    }

    /// <summary>Refuses a run whose references the disk has no room for: those of the largest ladder, once for each target.</summary>
    /// <param name="path">The run's folder, made or not.</param>
    /// <param name="jobs">Its files.</param>
    /// <param name="request">What is asked of each.</param>
    /// <param name="targets">On how many targets each is measured.</param>
    /// <param name="shards">Into how many shards the rows are dealt.</param>
    /// <exception cref="RunException">It has not.</exception>
    public static void CheckRoom(
        string path,
        IEnumerable<FileJob> jobs,
        ProbeRequest request,
        int targets = 1,
        int shards = 1
    )
    {
        var needed =
            targets
            * jobs.Where(job => job.Barred is null)
                .GroupBy(job => Ladders.KeyOf(job.Facts))
                .Where(ladder => ladder.Count() > 1)
                .Select(ladder => ladder.First().Facts)
                .Select(facts =>
                    ReferenceStore.BytesFor(
                        request.SampledRowCount(facts) / shards,
                        facts.VocabularySize ?? 0
                    )
                )
                .DefaultIfEmpty(0)
                .Max();
        var free = new DriveInfo(ExistingFolder(path)).AvailableFreeSpace;
        if (needed > free)
        {
            throw new RunException(
                $"{path}: the reference's logits take {needed / 1e9:F1} GB while the run lasts, and {free / 1e9:F1} GB are free; "
                    + "ask for fewer items or name a folder on a larger disk with --out"
            );
        }
    }

    // The run's folder is made later; its disk is that of the nearest folder above.
    private static string ExistingFolder(string path)
    {
        var folder = new DirectoryInfo(path);
        while (!folder.Exists && folder.Parent is not null)
        {
            folder = folder.Parent;
        }
        return folder.FullName;
    }

    /// <summary>
    /// Whether a file, all or some of whose rows an earlier process measured, is the reference of files to come and its logits are not all
    /// there: then it has to be measured anew.
    /// </summary>
    /// <param name="file">Its record.</param>
    /// <param name="places">The places of its measured rows (<see cref="RowStatus.Ok"/>).</param>
    public bool LacksLogits(FileRecord file, IEnumerable<long> places)
    {
        var ladder = Ladders.KeyOf(file.Facts);
        return !_measured.ContainsKey(ladder)
            && _left.GetValueOrDefault(ladder) > 1
            // Files are done in order: one that is not done is this one, or still to come.
            && _open.Contains(ladder)
            && file is { Status: RowStatus.Ok, MeasuredRows: null or > 0 }
            && !ReferenceStore.Covers(PlanFor(file.Facts, ReferenceUse.Read), places);
    }

    /// <summary>The reference for a file that is about to be measured: to take note of it, or to hold it against; null where it stands alone.</summary>
    /// <param name="facts">The file, its hash known.</param>
    /// <param name="goesOn">Whether some of its rows are there already, and their logits with them.</param>
    public ReferencePlan? For(ModelFacts facts, bool goesOn = false)
    {
        var ladder = Ladders.KeyOf(facts);
        return _measured.TryGetValue(ladder, out var measured) ? measured
            : _left.GetValueOrDefault(ladder) < 2 ? null
            : PlanFor(facts, goesOn ? ReferenceUse.Continue : ReferenceUse.Record);
    }

    /// <summary>A file is done, now or by an earlier process: the first of a ladder that was measured is its reference, else the next is asked.</summary>
    public void Done(FileRecord file)
    {
        var ladder = Ladders.KeyOf(file.Facts);
        var left = _left[ladder] = _left.GetValueOrDefault(ladder) - 1;
        if (_open.Contains(ladder) && file is { Status: RowStatus.Ok, MeasuredRows: > 0 })
        {
            _measured.TryAdd(ladder, PlanFor(file.Facts, ReferenceUse.Read));
        }
        if (left <= 0)
        {
            ReferenceStore.Delete(StemOf(ladder));
        }
    }

    /// <summary>All files are done: whatever an earlier process left is removed too.</summary>
    public void Complete()
    {
        foreach (var path in Directory.EnumerateFiles(_folder.Path, FilePrefix + "*"))
        {
            File.Delete(path);
        }
    }

    private ReferencePlan PlanFor(ModelFacts facts, ReferenceUse use) =>
        new(StemOf(Ladders.KeyOf(facts)), facts.FileId!, facts.VocabularySize ?? 0, use);

    // Beside the rows: on the disk that was found to have room.
    private string StemOf((string, string?, string?) ladder) =>
        StemOf(_folder, $"{_left.IndexOf(ladder) + 1}-{_target}");

    /// <summary>Where logits lie for as long as a run goes on; what a killed run left there goes with the next one's end.</summary>
    internal static string StemOf(RunFolder folder, string name) =>
        Path.Combine(folder.Path, FilePrefix + name);
}
