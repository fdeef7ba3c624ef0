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
        JournalReader.LastRecord(path)
        ?? throw new RunException($"{path}: the file's last record is missing");

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
        var heads = files.ConvertAll(file =>
            (file.Path, Rows: JournalReader.ReadRows(file.Path).GetEnumerator())
        );
        try
        {
            heads.RemoveAll(head => !head.Rows.MoveNext());
            while (heads.Count > 0)
            {
                var next = heads.MinBy(head => head.Rows.Current.Place);
                yield return (next.Path, next.Rows.Current);
                if (!next.Rows.MoveNext())
                {
                    heads.Remove(next);
                }
            }
        }
        finally
        {
            heads.ForEach(head => head.Rows.Dispose());
        }
    }

    // A file that never started has counted no row as measured, not even none.
    private sealed record Part(string Path, FileRecord Record)
    {
        public bool HasStarted => Record.MeasuredRows is not null;
    }
}
