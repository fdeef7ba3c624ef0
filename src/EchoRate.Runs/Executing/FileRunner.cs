using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Runs one model file: load, probe, append every row to the journal as it is measured.</summary>
/// <param name="engine">The engine.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="request">What is asked of every file.</param>
/// <param name="load">How files are loaded.</param>
public sealed class FileRunner(
    IEngine engine,
    RunFolder folder,
    ProbeRequest request,
    LoadOptions load
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
            engine.Name,
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
                $"{folder.Path}: cannot be written: {e.Message.ReplaceLineEndings(" ")}; rows written so far are kept",
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
        var blank = new FileRecord
        {
            Facts = job.Facts,
            Engine = engine.Name,
            EngineVersion = engine.Version,
            Status = RowStatus.Ok,
        };
        if (job.Barred is { } barred)
        {
            return NeverStarted(blank, journal, barred.Status, barred.Reason);
        }

        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        IModelSession session;
        try
        {
            session = engine.Load(job.Facts.Path!, Options(job, log));
        }
        catch (EngineException e)
        {
            return NeverStarted(blank, journal, RowStatus.Failed, e.Message);
        }
        using (session)
        {
            var loaded = Loaded(blank, job, session, clock.Elapsed);
            journal.Append(loaded);
            var record = Measure(loaded, session, journal, progress, cancellation);
            journal.Append(record);
            return record;
        }
    }

    private LoadOptions Options(FileJob job, StreamWriter log) =>
        load with
        {
            Log = line => log.WriteLine(line),
            MetadataOverrides = job.Facts.SpacePrefixForced
                ? new Dictionary<string, bool> { ["tokenizer.ggml.add_space_prefix"] = false }
                : load.MetadataOverrides,
        };

    private static FileRecord Loaded(
        FileRecord blank,
        FileJob job,
        IModelSession session,
        TimeSpan loading
    ) =>
        blank with
        {
            Backend = session.Report.Backend,
            Device = session.Report.Device,
            GpuLayers = session.Report.GpuLayers,
            Threads = session.Report.Threads,
            Sequences = session.SequenceCount,
            LoadMs = loading.TotalMilliseconds,
            Flags = job.Facts.SpacePrefixForced ? [RowFlags.SpacePrefixForced] : [],
        };

    private FileRecord Measure(
        FileRecord file,
        IModelSession session,
        JournalWriter journal,
        Action<int> progress,
        CancellationToken cancellation
    )
    {
        var clock = Stopwatch.StartNew();
        var (rows, measured, failed) = (0, 0, 0);
        string? failure = null;
        foreach (var row in FileProbe.Run(new ProbeContext(file.Facts, session), request))
        {
            journal.Append(row);
            progress(++rows);
            measured += row.Status == RowStatus.Ok ? 1 : 0;
            if (row.Status == RowStatus.Failed)
            {
                failed++;
                failure ??= row.Reason;
            }
            cancellation.ThrowIfCancellationRequested();
        }
        journal.Flush();
        return file with
        {
            DecodeMs = clock.Elapsed.TotalMilliseconds,
            RowsPerSecond = measured / clock.Elapsed.TotalSeconds,
            PeakRssBytes = PeakMemory.Read(),
            PeakDeviceBytes = session.Report.PeakDeviceBytes,
            Status = failed == 0 || measured > 0 ? RowStatus.Ok : RowStatus.Failed,
            Reason = failed == 0 ? null : $"{failed} rows failed: {failure}",
        };
    }

    private FileRecord NeverStarted(
        FileRecord blank,
        JournalWriter journal,
        RowStatus status,
        string reason
    )
    {
        var record = blank with { Status = status, Reason = reason };
        journal.Append(record);
        foreach (var row in request.NeverStarted(status, reason))
        {
            journal.Append(row);
        }
        journal.Append(record);
        return record;
    }
}
