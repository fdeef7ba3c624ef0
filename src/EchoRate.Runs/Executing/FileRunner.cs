using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Runs one model file: has it hashed and measured, and keeps what comes: its record, every row, the library's log.</summary>
/// <param name="measurer">What measures; null where no file can be started.</param>
/// <param name="engineName">The engine's name.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="request">What is asked of every file.</param>
/// <param name="load">How files are loaded; its sequences are the most of a batch.</param>
/// <param name="references">The references of the run's ladders.</param>
public sealed class FileRunner(
    IFileMeasurer? measurer,
    string engineName,
    RunFolder folder,
    ProbeRequest request,
    LoadOptions load,
    References references
)
{
    /// <summary>Runs a file. What goes wrong with it is in its record and its rows; only the run's own folder can fail it.</summary>
    /// <param name="index">The file's place in the run, from 1.</param>
    /// <param name="job">The file.</param>
    /// <param name="progress">Told the number of rows so far.</param>
    /// <param name="cancellation">Stops between two rows; what was measured stays.</param>
    /// <param name="selection">Which of its rows are measured; null for every one.</param>
    /// <returns>The file's record.</returns>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FileRecord Run(
        int index,
        FileJob job,
        Action<int> progress,
        CancellationToken cancellation,
        RowSelection? selection = null
    )
    {
        var stem = RunFolder.Stem(
            index,
            job.Facts.Model,
            job.Facts.Quantization,
            engineName,
            load.GpuLayers == 0 ? "cpu" : "gpu"
        );
        try
        {
            using var journal = new JournalWriter(folder.JournalPath(stem));
            using var log = new StreamWriter(folder.LogPath(stem));
            return Run(job, journal, log, progress, selection ?? RowSelection.Whole, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"{folder.Path}: cannot be written: {e.Message.ReplaceLineEndings(" ")}; rows written so far are kept in its folder rows",
                e
            );
        }
    }

    private FileRecord Run(
        FileJob job,
        JournalWriter journal,
        StreamWriter log,
        Action<int> progress,
        RowSelection selection,
        CancellationToken cancellation
    )
    {
        var record = new FileRecord
        {
            Facts = job.Facts,
            Engine = engineName,
            Status = RowStatus.Ok,
            Flags = job.Facts.SpacePrefixForced ? [RowFlags.SpacePrefixForced] : [],
        };
        if (job.Barred is { } barred)
        {
            return NeverStarted(record, journal, barred.Status, barred.Reason);
        }
        if (!TryHash(job, cancellation, out var sha256, out var wrong))
        {
            references.Pass(job.Facts);
            return NeverStarted(record, journal, RowStatus.Failed, wrong);
        }
        record = record with
        {
            Facts = job.Facts with { Sha256 = sha256 },
            EngineVersion = measurer!.EngineVersion,
        };

        var measured = new MeasureJob
        {
            Facts = record.Facts,
            Request = request,
            Load = request.Plan(record.Facts, load) with
            {
                MetadataOverrides = HeaderFacts.Overrides(record.Facts),
            },
            Selection = selection,
            Reference = references.For(record.Facts),
        };
        record = Measure(measured, record, journal, log, progress, cancellation);
        references.Done(record);
        return record;
    }

    private FileRecord Measure(
        MeasureJob job,
        FileRecord record,
        JournalWriter journal,
        StreamWriter log,
        Action<int> progress,
        CancellationToken cancellation
    )
    {
        var keeper = new RowKeeper(record, journal, log, progress);
        try
        {
            var end = measurer!.Measure(job, keeper, cancellation);
            record = keeper.Complete(end);
        }
        catch (EngineException e)
        {
            return NeverStarted(record, journal, RowStatus.Failed, e.Message);
        }
        journal.Append(record);
        return record;
    }

    private static bool TryHash(
        FileJob job,
        CancellationToken cancellation,
        out string sha256,
        out string wrong
    )
    {
        (sha256, wrong) = ("", "");
        var hashes = new List<string>();
        foreach (var part in job.Parts)
        {
            try
            {
                hashes.Add(ContentHash.OfFile(part.Path, cancellation));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                wrong = $"{part.Path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}";
                return false;
            }
            if (
                part.Sha256 is { } expected
                && !expected.Equals(hashes[^1], StringComparison.OrdinalIgnoreCase)
            )
            {
                wrong = $"{part.Path}: sha256 is {hashes[^1]}; the manifest says {expected}";
                return false;
            }
        }
        sha256 = ContentHash.Combine(hashes);
        return true;
    }

    private FileRecord NeverStarted(
        FileRecord record,
        JournalWriter journal,
        RowStatus status,
        string reason
    )
    {
        // Twice, as for every file: before the rows for whoever reads on, after them for whoever reads the end.
        record = record with
        {
            Status = status,
            Reason = reason,
        };
        journal.Append(record);
        foreach (var row in request.NeverStarted(status, reason))
        {
            journal.Append(row);
        }
        journal.Append(record);
        return record;
    }
}
