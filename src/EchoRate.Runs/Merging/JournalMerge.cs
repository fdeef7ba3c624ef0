using EchoRate.Core.Results;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Merging;

/// <summary>
/// Makes one journal of the shards' journals of one file: the rows in the order of their places, every place once. Times are added up,
/// of memory the most is taken; rows per second are those of one shard at a time.
/// </summary>
internal static class JournalMerge
{
    /// <summary>Merges.</summary>
    /// <param name="parts">The shards' journals, in the order of the shards.</param>
    /// <param name="destination">The journal to write.</param>
    /// <param name="flags">What is to be said of the file.</param>
    /// <param name="cancellation">Stops between two rows.</param>
    /// <exception cref="RunException">Rows are missing.</exception>
    /// <exception cref="RunDiffersException">The shards did not measure the same file in the same way.</exception>
    public static void Write(
        IReadOnlyList<string> parts,
        string destination,
        IReadOnlyList<string> flags,
        CancellationToken cancellation
    )
    {
        var files = parts.Select(path => new Part(path, Complete(path))).ToList();
        RequireSame(files);
        if (files.TrueForAll(file => !file.HasStarted))
        {
            File.Copy(files[0].Path, destination);
            return;
        }
        if (files.Find(file => !file.HasStarted) is { } idle)
        {
            throw new RunException(
                $"{idle.Path}: {idle.Record.Facts.Name} never started in this shard, and did in others: {idle.Record.Reason}; measure this shard again in a new folder"
            );
        }

        var record = Combined(files, flags);
        using var journal = JournalWriter.Open(destination);
        journal.Append(
            record with
            {
                LoadMs = null,
                DecodeMs = null,
                PeakRssBytes = null,
                PeakDeviceBytes = null,
            }
        );
        var counts = new JournalState();
        foreach (var (path, row) in InOrder(files))
        {
            cancellation.ThrowIfCancellationRequested();
            if (row.Set is null)
            {
                throw new RunException(
                    $"{path}: {files[0].Record.Facts.Name} failed midway, and its rows could not be named: {row.Reason}; measure this shard again in a new folder"
                );
            }
            if (row.Place != counts.Rows)
            {
                throw new RunException(
                    $"{path}: row {counts.Rows} is missing; row {row.Place} follows"
                );
            }
            journal.Append(row);
            counts = counts.With(row);
        }
        journal.End(counts.Close(record).WithSpeed(counts.Measured));
    }

    private static FileRecord Complete(string path) =>
        JournalReader.IsComplete(path)
            ? JournalReader.ReadFile(path)
            : throw new RunException($"{path}: the file's last record is missing");

    private static void RequireSame(List<Part> files)
    {
        var first = files[0];
        foreach (var other in files.Skip(1).Where(other => other.HasStarted && first.HasStarted))
        {
            if (first.Record.DifferenceTo(other.Record, withThreads: false) is { } difference)
            {
                throw new RunDiffersException(
                    $"{other.Path}: {difference.What} of {other.Record.Facts.Name} is {difference.Now}, and {difference.Was} in {first.Path}"
                );
            }
        }
    }

    private static FileRecord Combined(List<Part> files, IReadOnlyList<string> flags)
    {
        var records = files.ConvertAll(file => file.Record);
        return records[0] with
        {
            Threads = records.TrueForAll(record => record.Threads == records[0].Threads)
                ? records[0].Threads
                : null,
            LoadMs = records.Sum(record => record.LoadMs),
            DecodeMs = records.Sum(record => record.DecodeMs),
            PeakRssBytes = records.Max(record => record.PeakRssBytes),
            PeakDeviceBytes = records.Max(record => record.PeakDeviceBytes),
            Flags = [.. records.SelectMany(record => record.Flags).Union(flags)],
            MeasuredRows = null,
            RowsPerSecond = null,
            Reason = null,
            Status = RowStatus.Ok,
        };
    }

    // Each journal is in order; the least place of their heads is next.
    private static IEnumerable<(string Path, MeasuredRow Row)> InOrder(List<Part> files)
    {
        var heads = new PriorityQueue<(Part File, IEnumerator<MeasuredRow> Rows), long>();
        try
        {
            foreach (var file in files)
            {
                Advance(file, JournalReader.ReadRows(file.Path).GetEnumerator());
            }
            while (heads.TryDequeue(out var head, out _))
            {
                yield return (head.File.Path, head.Rows.Current);
                Advance(head.File, head.Rows);
            }
        }
        finally
        {
            foreach (var (head, _) in heads.UnorderedItems)
            {
                head.Rows.Dispose();
            }
        }

        void Advance(Part file, IEnumerator<MeasuredRow> rows)
        {
            if (rows.MoveNext())
            {
                heads.Enqueue((file, rows), rows.Current.Place);
            }
            else
            {
                rows.Dispose();
            }
        }
    }

    // A file that never started has counted no row as measured, not even none.
    private sealed record Part(string Path, FileRecord Record)
    {
        public bool HasStarted => Record.MeasuredRows is not null;
    }
}
