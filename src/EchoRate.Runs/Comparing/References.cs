using System.Globalization;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.References;
using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Comparing;

/// <summary>The references of a run, one for each ladder of two or more files: the first of its files that is measured.</summary>
public sealed class References : IDisposable
{
    private readonly RunFolder _folder;
    private readonly ProbeRequest _request;
    private readonly Dictionary<(string, string?, string?), int> _left;
    private ReferenceStore? _current;
    private (string, string?, string?) _ladder;

    /// <summary>Prepares for the files of a run, each ladder's in one piece (<see cref="Ladders.Order"/>).</summary>
    public References(RunFolder folder, ProbeRequest request, IEnumerable<FileJob> jobs)
    {
        (_folder, _request) = (folder, request);
        _left = jobs.Where(job => job.Barred is null)
            .CountBy(job => Ladders.KeyOf(job.Facts))
            .ToDictionary(ladder => ladder.Key, ladder => ladder.Value);
    }

    /// <summary>Bytes on disk that the largest ladder's reference takes at most; 0 where no ladder has two files.</summary>
    public static long BytesNeeded(IEnumerable<FileJob> jobs, ProbeRequest request) =>
        jobs.Where(job => job.Barred is null)
            .GroupBy(job => Ladders.KeyOf(job.Facts))
            .Where(ladder => ladder.Count() > 1)
            .Select(ladder =>
                ReferenceStore.BytesFor(
                    request.SampledRowCount(ladder.First().Facts),
                    ladder.First().Facts.VocabularySize ?? 0
                )
            )
            .DefaultIfEmpty(0)
            .Max();

    /// <summary>Refuses a run whose references the disk has no room for.</summary>
    /// <param name="path">The run's folder, made or not.</param>
    /// <param name="jobs">Its files.</param>
    /// <param name="request">What is asked of each.</param>
    /// <exception cref="RunException">It has not.</exception>
    public static void CheckRoom(string path, IEnumerable<FileJob> jobs, ProbeRequest request)
    {
        var needed = BytesNeeded(jobs, request);
        var free = new DriveInfo(ExistingFolder(path)).AvailableFreeSpace;
        if (needed > free)
        {
            throw new RunException(
                $"{path}: the reference's logits take {Gigabytes(needed)} GB while the run lasts, and {Gigabytes(free)} GB are free; "
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

    /// <summary>The reference for a file that is about to be measured: to take note of it, or to hold it against; null where it stands alone.</summary>
    /// <param name="facts">The file, its hash known.</param>
    public IReference? For(ModelFacts facts)
    {
        var ladder = Ladders.KeyOf(facts);
        if (ladder != _ladder)
        {
            Drop();
            _ladder = ladder;
        }
        var left = _left.GetValueOrDefault(ladder);
        _left[ladder] = left - 1;
        if (_current is null && left > 1)
        {
            // Beside the rows: on the disk that was found to have room.
            _current = new ReferenceStore(
                Path.Combine(_folder.Path, "reference"),
                facts.FileId!,
                facts.VocabularySize ?? 0
            );
        }
        return _current;
    }

    /// <summary>The file is done: one that was taken note of becomes the reference if all of it was measured, else the next is asked.</summary>
    public void Done(FileRecord file)
    {
        if (_current is not { IsRecording: true })
        {
            return;
        }
        if (file is { Status: RowStatus.Ok, RowsPerSecond: > 0 })
        {
            _current.Complete();
        }
        else
        {
            Drop();
        }
    }

    /// <inheritdoc />
    public void Dispose() => Drop();

    private void Drop()
    {
        _current?.Dispose();
        _current = null;
    }

    private static string Gigabytes(long bytes) =>
        (bytes / 1e9).ToString("F1", CultureInfo.InvariantCulture);
}
