using System.Globalization;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Runs one model file on one target: has it hashed and measured, and keeps what comes: its record, every row, the library's log.</summary>
/// <param name="measurer">What measures; null where no file can be started.</param>
/// <param name="target">What files are measured on.</param>
/// <param name="folder">The run's folder.</param>
/// <param name="request">What is asked of every file.</param>
/// <param name="load">How files are loaded; its sequences are the most of a batch.</param>
/// <param name="references">The references of the run's ladders on this target.</param>
/// <param name="hashes">The hashes of the run's files.</param>
/// <param name="isMemoryWeighed">Whether a batch may have fewer sequences than asked for where memory is short.</param>
/// <param name="isOneOfSeveral">Whether the run has other targets, so that a file that never starts has to say on which it did not.</param>
public sealed partial class FileRunner(
    IFileMeasurer? measurer,
    RunTarget target,
    RunFolder folder,
    ProbeRequest request,
    LoadOptions load,
    References references,
    ModelHashes hashes,
    bool isMemoryWeighed = true,
    bool isOneOfSeveral = false
)
{
    // Left to everything else, in bytes.
    private const long MemoryMargin = 1L << 30;

    /// <summary>Runs a file. What goes wrong with it is in its record and its rows; only the run's own folder can fail it.</summary>
    /// <param name="index">Its place among all files on all targets, from 1.</param>
    /// <param name="job">The file.</param>
    /// <param name="progress">Told the number of rows so far.</param>
    /// <param name="cancellation">Stops between two rows; what was measured stays.</param>
    /// <param name="selection">Which of its rows are measured; null for every one.</param>
    /// <param name="plan">Where the file goes; null leaves it on the CPU, or where the options of loading say.</param>
    /// <param name="say">Told what the user should know at once; null for nobody.</param>
    /// <returns>The file's record.</returns>
    /// <exception cref="RunException">The folder cannot be written.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public FileRecord Run(
        int index,
        FileJob job,
        Action<int> progress,
        CancellationToken cancellation,
        RowSelection? selection = null,
        FilePlan? plan = null,
        Action<string>? say = null
    )
    {
        var stem = StemOf(index, job, target);
        var path = folder.JournalPath(stem);
        try
        {
            var kept = File.Exists(path) ? JournalState.Read(path) : null;
            using var log = new StreamWriter(folder.LogPath(stem), append: kept is not null);
            if (kept is { IsComplete: true })
            {
                progress((int)kept.Rows);
                PassOver(job, kept, path, log, selection ?? RowSelection.Whole, plan, cancellation);
                return kept.File!;
            }
            using var journal = kept is null
                ? JournalWriter.Create(path)
                : JournalWriter.Continue(path, kept);
            return Run(
                job,
                kept ?? new JournalState(),
                path,
                journal,
                log,
                progress,
                selection ?? RowSelection.Whole,
                plan,
                say ?? (_ => { }),
                cancellation
            );
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"{folder.Path}: cannot be written: {e.Message.ReplaceLineEndings(" ")}; rows written so far are kept in its folder rows",
                e
            );
        }
    }

    /// <summary>The stem of the names of a file's journal and log.</summary>
    internal static string StemOf(int index, FileJob job, RunTarget target) =>
        RunFolder.Stem(
            index,
            job.Facts.Model,
            job.Facts.Quantization,
            target.Engine,
            target.DeviceLabel
        );

    private FileRecord Run(
        FileJob job,
        JournalState kept,
        string path,
        JournalWriter journal,
        StreamWriter log,
        Action<int> progress,
        RowSelection selection,
        FilePlan? plan,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        var record = RecordOf(job);
        if (job.Barred is { } barred)
        {
            return NeverStarted(record, journal, barred.Status, barred.Reason);
        }
        if (!hashes.TryCompute(job, cancellation, out var sha256, out var wrong))
        {
            if (kept.Rows > 0)
            {
                throw new RunException(wrong);
            }
            references.Pass(job.Facts);
            return NeverStarted(record, journal, RowStatus.Failed, wrong);
        }
        record = record with
        {
            Facts = job.Facts with { Sha256 = sha256 },
            EngineVersion = measurer!.EngineVersion,
            Libraries = measurer.Libraries,
        };
        RequireSameContent(record.Facts, kept);

        // What is there is passed over, unless it has to be recorded again for the files to come.
        var skips = references.TryContinue(
            record.Facts,
            MeasuredPlaces(path, kept),
            out var reference
        );
        using var check = skips ? null : new RowCheck(path, kept.Rows);
        var measured = JobFor(
            record.Facts,
            kept,
            selection with
            {
                SkipRows = skips ? kept.Rows : 0,
            },
            reference,
            plan
        );
        var keeper = new RowKeeper(record, kept, journal, log, check, progress)
        {
            IsGpuWanted = measured.IsGpuWanted,
        };
        var fallbacks = new Queue<int>(kept.Rows == 0 && plan is not null ? plan.Fallbacks : []);
        record = Measure(
            job,
            kept,
            measured,
            keeper,
            record,
            journal,
            fallbacks,
            say,
            cancellation
        );
        references.Done(record);
        return record;
    }

    private FileRecord Measure(
        FileJob job,
        JournalState kept,
        MeasureJob measured,
        RowKeeper keeper,
        FileRecord record,
        JournalWriter journal,
        Queue<int> fallbacks,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        try
        {
            hashes.RequireUnchanged(job);
            var end = Measure(measured, keeper, fallbacks, say, cancellation);
            hashes.RequireUnchanged(job);
            record = keeper.Complete(end);
        }
        catch (EngineException e) when (kept.Rows == 0)
        {
            return NeverStarted(record, journal, RowStatus.Failed, e.Message);
        }
        catch (EngineException e)
        {
            throw CannotGoOn(job, kept, e);
        }
        journal.End(record);
        return record;
    }

    // A GPU that has no memory for two contexts may have some for one, or for fewer layers; another process tries. At last there is the CPU.
    private MeasureEnd Measure(
        MeasureJob job,
        RowKeeper keeper,
        Queue<int> fallbacks,
        Action<string> say,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            try
            {
                return measurer!.Measure(job, keeper, cancellation);
            }
            catch (EngineException e) when (e.IsDeviceOutOfMemory && job.Load.Contexts > 1)
            {
                const string note = "a GPU ran out of memory with two contexts on it; trying one";
                keeper.Log(e.Message);
                keeper.Log(note);
                say($"{job.Facts.Model} {job.Facts.Quantization}: {note}");
                job = job with { Load = job.Load with { Contexts = 1 } };
            }
            catch (EngineException e) when (e.IsDeviceOutOfMemory && fallbacks.Count > 0)
            {
                var layers = fallbacks.Dequeue();
                var (had, has) = (Layers(job.Load.GpuLayers), Layers(layers));
                keeper.Log(e.Message);
                keeper.FallBack($"a GPU ran out of memory with {had} on it; measured with {has}");
                say(
                    $"{job.Facts.Model} {job.Facts.Quantization}: a GPU ran out of memory with {had} on it; trying {has}"
                );
                job = job with { Load = job.Load with { GpuLayers = layers } };
            }
        }

        static string Layers(int count) =>
            count switch
            {
                < 0 => "all layers",
                0 => "none",
                1 => "1 layer",
                _ => string.Create(CultureInfo.InvariantCulture, $"{count} layers"),
            };
    }

    private MeasureJob JobFor(
        ModelFacts facts,
        JournalState kept,
        RowSelection selection,
        ReferencePlan? reference,
        FilePlan? plan
    )
    {
        var planned = plan?.GpuLayers ?? load.GpuLayers;
        // Rows that are there were measured with so many, whatever was planned.
        var layers = (kept.Rows > 0 ? kept.File?.GpuLayers : null) ?? planned;
        return new()
        {
            Facts = facts,
            Request = request,
            Load = request.Plan(
                facts,
                load with
                {
                    Sequences = SequencesFor(facts, kept, plan),
                    BatchSize = plan?.BatchSize ?? load.BatchSize,
                }
            ) with
            {
                GpuLayers = layers,
                Contexts = layers == planned && plan is { HasSecondContext: true } ? 2 : 1,
                Devices =
                    plan is { GpuLayers: > 0 } ? [.. plan.Devices.Select(at => at.Name)]
                    : target.Device is { } device ? [device]
                    : load.Devices,
                TensorSplit =
                    plan?.Devices.Count > 1
                        ? [.. plan.Devices.Select(at => (float)at.Layers)]
                        : load.TensorSplit,
                CpuExpertLayers = plan?.CpuExpertLayers ?? load.CpuExpertLayers,
                MetadataOverrides = HeaderFacts.Overrides(facts),
            },
            IsGpuWanted = plan?.IsGpuWanted ?? false,
            Selection = selection,
            Reference = reference,
        };
    }

    // A file that is gone on with keeps the batches that it was begun with. The weights are mapped from the file; they need room all the same.
    private int SequencesFor(ModelFacts facts, JournalState kept, FilePlan? plan)
    {
        if (kept.File?.Sequences is { } begun)
        {
            return begun;
        }
        var most = plan?.Sequences ?? load.Sequences;
        // A plan with a GPU has weighed the memory of both.
        return
            isMemoryWeighed
            && plan is not { GpuLayers: > 0 }
            && facts.VocabularySize is { } vocabulary
            ? BatchPlan.RowsThatFit(
                FreeMemory.Read() - MemoryMargin - (facts.FileBytes ?? 0),
                vocabulary,
                most
            )
            : most;
    }

    private FileRecord RecordOf(FileJob job) =>
        new()
        {
            Facts = job.Facts,
            Engine = target.Engine,
            DeviceLabel = target.DeviceLabel,
            // What was asked for, until the engine says what it took: rows of a file that never starts would be the same on every target.
            Backend = isOneOfSeveral ? target.Backend : null,
            Device = isOneOfSeveral ? target.Device ?? target.DeviceLabel : null,
            Status = RowStatus.Ok,
            Flags = job.Facts.SpacePrefixForced ? [RowFlags.SpacePrefixForced] : [],
        };

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
        journal.End(record);
        return record;
    }
}
