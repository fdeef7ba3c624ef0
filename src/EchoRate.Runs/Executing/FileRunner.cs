using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.References;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Runs one model file: hash, load, probe, append every row to the journal as it is measured.</summary>
/// <param name="engine">The engine; null where no file can be started.</param>
/// <param name="engineName">The engine's name.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="request">What is asked of every file.</param>
/// <param name="load">How files are loaded; its sequences are the most of a batch.</param>
/// <param name="references">The references of the run's ladders.</param>
public sealed class FileRunner(
    IEngine? engine,
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
    /// <returns>The file's record.</returns>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FileRecord Run(
        int index,
        FileJob job,
        Action<int> progress,
        CancellationToken cancellation
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
            return Run(job, journal, log, progress, cancellation);
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
            return NeverStarted(record, journal, RowStatus.Failed, wrong);
        }
        record = record with
        {
            Facts = job.Facts with { Sha256 = sha256 },
            EngineVersion = engine!.Version,
        };

        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        IModelSession session;
        try
        {
            session = engine!.Load(job.Facts.Path!, OptionsFor(job, log));
        }
        catch (EngineException e)
        {
            return NeverStarted(record, journal, RowStatus.Failed, e.Message);
        }
        using (session)
        {
            record = Loaded(record, session, clock.Elapsed);
            journal.Append(record);
            var reference = references.For(record.Facts);
            record = Measure(record, session, reference, journal, progress, cancellation);
            references.Done(record);
            journal.Append(record);
            return record;
        }
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

    private LoadOptions OptionsFor(FileJob job, StreamWriter log) =>
        request.Plan(job.Facts, load) with
        {
            Log = log.WriteLine,
            MetadataOverrides = HeaderFacts.Overrides(job.Facts),
        };

    private static FileRecord Loaded(FileRecord record, IModelSession session, TimeSpan loading) =>
        record with
        {
            Backend = session.Report.Backend,
            Device = session.Report.Device,
            GpuLayers = session.Report.GpuLayers,
            Threads = session.Report.Threads,
            Sequences = session.SequenceCount,
            LoadMs = loading.TotalMilliseconds,
        };

    private FileRecord Measure(
        FileRecord record,
        IModelSession session,
        IReference? reference,
        JournalWriter journal,
        Action<int> progress,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        var (rows, measured, failed) = (0, 0, 0);
        string? failure = null;
        foreach (
            var row in FileProbe.Run(new ProbeContext(record.Facts, session, reference), request)
        )
        {
            journal.Append(row);
            progress(++rows);
            measured += row.Status == RowStatus.Ok ? 1 : 0;
            if (row.Status == RowStatus.Failed)
            {
                failed++;
                failure ??= row.Reason;
            }
            if (cancellation.IsCancellationRequested)
            {
                journal.Flush();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        journal.Flush();
        return record with
        {
            DecodeMs = clock.Elapsed.TotalMilliseconds,
            RowsPerSecond = measured / clock.Elapsed.TotalSeconds,
            PeakRssBytes = PeakMemory.Read(),
            PeakDeviceBytes = session.Report.PeakDeviceBytes,
            Status = failed > 0 && measured == 0 ? RowStatus.Failed : RowStatus.Ok,
            Reason = failed == 0 ? null : $"{failed} of {rows} rows failed: {failure}",
        };
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
