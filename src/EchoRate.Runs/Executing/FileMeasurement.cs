using System.Diagnostics;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Does one job in this process: loads the file, probes it, and keeps every row in the file's journal.</summary>
/// <param name="job">The job.</param>
/// <param name="engine">The engine.</param>
/// <param name="log">Hears what the engine's library says.</param>
public sealed class FileMeasurement(MeasureJob job, IEngine engine, Action<string> log)
{
    private long _decodes;
    private long _rows;
    private long _allRows;

    /// <summary>Called when the file is loaded, with the rows that an earlier process left.</summary>
    public Action<long>? Loaded { get; init; }

    /// <summary>Called after each row.</summary>
    public Action<FileProgress>? Progress { get; init; }

    /// <summary>Batches begun so far. Any thread may ask.</summary>
    public long Decodes => Interlocked.Read(ref _decodes);

    /// <summary>How far it is. Any thread may ask.</summary>
    public FileProgress Now =>
        new(
            Interlocked.Read(ref _rows),
            Interlocked.Read(ref _allRows) is > 0 and var all ? all : null
        );

    /// <summary>Measures the file.</summary>
    /// <param name="cancellation">Stops between two rows; the rows in the journal stay.</param>
    /// <returns>The file's record, complete; it stands at the end of the journal.</returns>
    /// <exception cref="EngineException">The file cannot be loaded.</exception>
    /// <exception cref="IOException">The journal or the reference's files cannot be written or read.</exception>
    /// <exception cref="RunException">A part of the file was changed.</exception>
    /// <exception cref="RunDiffersException">The rows that are there were measured in another way.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FileRecord Run(CancellationToken cancellation)
    {
        using var held = RunLock.TakeJob(job.Path);
        var kept = JournalState.Read(job.Journal);
        _rows = kept.Rows;
        RequireUnchanged();
        using var journal = JournalWriter.Open(job.Journal, kept);
        PeakMemory.Reset();
        var clock = Stopwatch.StartNew();
        using var session = Load(journal);
        var record = Begun(session, kept, clock.Elapsed.TotalMilliseconds);
        Loaded?.Invoke(kept.Rows);
        journal.Append(record);
        clock.Restart();
        var counts = Measure(session, kept, journal, cancellation);
        RequireUnchanged();
        record = Ended(counts.Close(record), session, clock.Elapsed.TotalMilliseconds);
        record = record.WithSpeed(counts.Measured - kept.Measured);
        journal.End(record);
        return record;
    }

    private IModelSession Load(JournalWriter journal)
    {
        var path = job.Record.Facts.Path!;
        if (job.Lost is { } lost)
        {
            // The vocabulary alone names the rows; nothing is decoded.
            var vocabulary = engine.LoadVocabulary(path, job.Load.WithoutSpacePrefix, log);
            return new LostSession(vocabulary, job.Load, lost.Failure);
        }
        return engine.Load(path, job.Load with { Log = log, BeforeDecode = OnDecode });

        void OnDecode()
        {
            // A library that dies in a batch takes no earlier row with it.
            journal.TryFlush();
            Interlocked.Increment(ref _decodes);
        }
    }

    private FileRecord Begun(IModelSession session, JournalState kept, double loadMs)
    {
        if (job.Lost is not null)
        {
            return kept.File ?? job.Record;
        }
        var record = job.Record.Loaded(session, loadMs);
        if (IsGpuMissed(session))
        {
            record = record with { Flags = [.. record.Flags.Union([RowFlags.GpuNotUsed])] };
        }
        // Batches of another width, or another device, give other last digits.
        if (kept.Rows > 0 && kept.File!.DifferenceTo(record) is { } difference)
        {
            throw new RunDiffersException(
                $"{record.Facts.Path}: {difference.What} is {difference.Now}, and was {difference.Was} for the rows that are there; begin a new run"
            );
        }
        return record;
    }

    private FileRecord Ended(FileRecord record, IModelSession session, double decodeMs) =>
        job.Lost is { } lost
            ? record with
            {
                DecodeMs = lost.DecodeMs,
                PeakRssBytes = lost.PeakRssBytes,
            }
            : record with
            {
                DecodeMs = decodeMs,
                PeakRssBytes = PeakMemory.Read(),
                PeakDeviceBytes = session.Report.PeakDeviceBytes,
            };

    private bool IsGpuMissed(IModelSession session) =>
        job is { IsGpuWanted: true, Lost: null } && session.Report.GpuLayers == 0;

    private JournalState Measure(
        IModelSession session,
        JournalState kept,
        JournalWriter journal,
        CancellationToken cancellation
    )
    {
        using var reference = job is { Reference: { } plan, Lost: null }
            ? ReferenceStore.Open(plan)
            : null;
        var context = new ProbeContext(job.Record.Facts, session, reference);
        string[] flags =
        [
            .. IsGpuMissed(session) ? [RowFlags.GpuNotUsed] : (string[])[],
            .. session.Report.NotExact is null ? (string[])[] : [RowFlags.NotExact],
        ];
        context =
            flags.Length == 0 ? context : context with { Flags = [.. context.Flags, .. flags] };
        Interlocked.Exchange(ref _allRows, FileProbe.RowCount(context, job.Request) ?? 0);
        var selection = job.Selection with { SkipRows = kept.Rows };
        var counts = kept;
        foreach (var row in FileProbe.Run(context, job.Request, selection))
        {
            journal.Append(row);
            counts = counts.With(row);
            Interlocked.Increment(ref _rows);
            Progress?.Invoke(Now);
            cancellation.ThrowIfCancellationRequested();
        }
        return counts;
    }

    private void RequireUnchanged()
    {
        if (job.Stamps.FirstOrDefault(stamp => stamp != FileStamp.Of(stamp.Path)) is { } changed)
        {
            throw new RunException(
                $"{changed.Path}: was replaced or changed while the run went on; put it back and go on with --resume, or begin a new run. The rows measured so far are kept"
            );
        }
    }

    // A file that cannot be measured any more: probed, it gives every row by its name, as failed, as an engine does that gives up at its first batch.
    private sealed class LostSession(
        ILoadedVocabulary vocabulary,
        LoadOptions options,
        string failure
    ) : IModelSession
    {
        public IVocabulary Vocabulary => vocabulary;

        public SessionReport Report { get; } =
            new()
            {
                Backend = "",
                Device = "",
                GpuLayers = 0,
                Layers = 0,
                Threads = 0,
                AddsBos = false,
            };

        public IResiduals Residuals => throw new EngineException(failure);

        public int SequenceCount => options.Sequences;

        public int BatchSize => Math.Max(options.BatchSize, options.Sequences);

        public int CacheSize => options.CacheSize;

        public bool CanKeepBeginning => true;

        public void Clear() { }

        public void CopySequence(int source, int destination) { }

        public void TruncateSequence(int sequence, int fromPosition) { }

        public void Decode(ReadOnlySpan<BatchToken> batch) => throw new EngineException(failure);

        public void DecodeWatched(
            ReadOnlySpan<BatchToken> batch,
            IReadOnlyList<AttentionCut?> cuts
        ) => Decode(batch);

        public ReadOnlySpan<float> Logits(int batchIndex) =>
            throw new InvalidOperationException("nothing was decoded");

        public void Dispose() => vocabulary.Dispose();
    }
}
