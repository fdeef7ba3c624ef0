using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>What is left to say where a file's rows cannot be named: one row for each probe and arm, appended to the file's journal.</summary>
internal static class UnnamedRows
{
    /// <summary>The rows of a file that never started.</summary>
    /// <returns>The file's record, complete.</returns>
    public static FileRecord Append(
        string path,
        FileRecord record,
        ProbeRequest request,
        RowStatus status,
        string reason
    )
    {
        record = record with { Status = status, Reason = reason };
        using var journal = JournalWriter.Open(path, JournalState.Read(path));
        // For whoever reads on; for whoever reads the end it stands there too.
        journal.Append(record);
        foreach (var row in request.NeverStarted(status, reason))
        {
            journal.Append(row);
        }
        journal.End(record);
        return record;
    }

    /// <summary>The rows that a lost worker left, where no other worker could name them.</summary>
    /// <returns>The file's record, complete.</returns>
    public static FileRecord Append(MeasureJob job, LostWorker lost, string reason)
    {
        var kept = JournalState.Read(job.Journal);
        using var journal = JournalWriter.Open(job.Journal, kept);
        var counts = kept;
        foreach (var row in job.Request.NeverStarted(RowStatus.Failed, reason))
        {
            journal.Append(row);
            counts = counts.With(row);
        }
        var record = counts.Close(kept.File ?? job.Record) with
        {
            DecodeMs = lost.DecodeMs,
            PeakRssBytes = lost.PeakRssBytes,
        };
        record = record.WithSpeed(counts.Measured - kept.Measured);
        journal.End(record);
        return record;
    }
}
