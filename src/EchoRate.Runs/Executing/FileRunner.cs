using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>Runs one file on one target: hashes it, decides how it is measured, has it measured, and keeps the library's log.</summary>
internal sealed partial class FileRunner(
    RunWork work,
    TargetMeasurer on,
    References references,
    ModelHashes hashes,
    int index,
    FileJob file
)
{
    private readonly string _journal = work.Folder.JournalPath(StemOf(index, file, on.Target));
    private readonly string _job = work.Folder.JobPath(StemOf(index, file, on.Target));
    private readonly OffloadPlan? _plan = work.Plans.FirstOrDefault(plan => plan.Index == index);
    private TextWriter _log = TextWriter.Null;

    public required IRunProgress Progress { get; init; }

    public required CancellationToken Cancellation { get; init; }

    /// <summary>Runs the file. What goes wrong with it is in its record and its rows; only the run's own folder can fail it.</summary>
    public FileRecord Run() =>
        RunException.Guard(
            $"{work.Folder.Path}: cannot be written",
            "rows written so far are kept in its folder rows",
            RunIt
        );

    private FileRecord RunIt()
    {
        // A worker whose parent was killed ends within moments.
        RunLock.TakeJob(_job).Dispose();
        var kept = JournalState.Read(_journal);
        var path = work.Folder.LogPath(StemOf(index, file, on.Target));
        // The library's log; several threads write.
        using var log = TextWriter.Synchronized(new StreamWriter(path, File.Exists(_journal)));
        _log = log;
        if (file.Barred is { } barred)
        {
            return kept.IsComplete
                ? kept.File!
                : NeverStarted(Record(null), barred.Status, barred.Reason);
        }
        var isAnew = kept.Rows > 0 && references.LacksLogits(kept.File!, MeasuredPlaces());
        var record = kept.IsComplete && !isAnew ? PassOver(kept) : Measure(kept, isAnew);
        references.Done(record);
        MeasureSample(record);
        return record;
    }

    /// <summary>The stem of the names of a file's journal and log.</summary>
    public static string StemOf(int index, FileJob file, RunTarget target) =>
        RunFolder.Stem(
            index,
            file.Facts.Model,
            file.Facts.Quantization,
            target.Engine,
            target.DeviceLabel
        );

    // An earlier process had done the file.
    private FileRecord PassOver(JournalState kept)
    {
        Progress.Rows(new FileProgress(kept.Rows));
        // It was killed after the file's last record and before the job was thrown away; a job whose rows could not be named stays.
        if (kept.Failed == 0)
        {
            File.Delete(_job);
        }
        if (kept.File!.Facts.Sha256 is not null && file.IsTouched)
        {
            var (sha256, wrong) = hashes.Of(file, Cancellation);
            RequireSameContent(sha256 ?? throw new RunException(wrong), kept);
        }
        return kept.File;
    }

    private FileRecord Measure(JournalState kept, bool isAnew)
    {
        var (sha256, wrong) = hashes.Of(file, Cancellation);
        if (sha256 is null)
        {
            return kept.Rows > 0
                ? throw new RunException(wrong)
                : NeverStarted(Record(null), RowStatus.Failed, wrong);
        }
        RequireSameContent(sha256, kept);
        if (isAnew)
        {
            Say(
                "the logits of its rows are gone, which other files are held against: measured anew"
            );
            File.Delete(_journal);
            kept = new JournalState { File = kept.File };
        }
        var reference = references.For(file.Facts with { Sha256 = sha256 }, kept.Rows > 0);
        var job = JobFor(sha256, kept, reference);
        try
        {
            return MeasureWhereItFits(job, kept);
        }
        catch (EngineException e) when (kept.Rows > 0)
        {
            // Rows that are there stay; what cannot be loaded now may be another time.
            throw new RunException(
                $"{file.Facts.Path}: {kept.Rows} rows of it are there, and it cannot be loaded now: {e.Message}",
                e
            );
        }
        catch (EngineException e)
        {
            return NeverStarted(job.Record, RowStatus.Failed, e.Message);
        }
    }

    // A GPU that has no memory for two contexts may have some for one, or for fewer layers; another process tries. At last there is the CPU.
    private FileRecord MeasureWhereItFits(MeasureJob job, JournalState kept)
    {
        var fallbacks = new Queue<int>(kept.Rows == 0 ? _plan?.Fallbacks ?? [] : []);
        while (true)
        {
            try
            {
                return on.Measurer!.Measure(job, _log.WriteLine, Progress.Rows, Cancellation);
            }
            catch (EngineException e) when (e.IsDeviceOutOfMemory && job.Load.Contexts > 1)
            {
                _log.WriteLine(e.Message);
                Say("a GPU ran out of memory with two contexts on it; trying one");
                job = job with { Load = job.Load with { Contexts = 1 } };
            }
            catch (EngineException e) when (e.IsDeviceOutOfMemory && fallbacks.Count > 0)
            {
                var layers = fallbacks.Dequeue();
                var had = $"a GPU ran out of memory with {Layers(job.Load.GpuLayers)} on it";
                _log.WriteLine(e.Message);
                Say($"{had}; trying {Layers(layers)}");
                job = job with
                {
                    Load = job.Load with { GpuLayers = layers },
                    Record = job.Record with
                    {
                        Flags = [.. job.Record.Flags.Union([RowFlags.GpuLayersReduced])],
                        Reason = $"{had}; measured with {Layers(layers)}",
                    },
                };
            }
        }

        static string Layers(int count) =>
            count switch
            {
                < 0 => "all layers",
                0 => "none",
                1 => "1 layer",
                _ => $"{count} layers",
            };
    }

    private void Say(string note)
    {
        _log.WriteLine(note);
        Progress.Say($"{file.Facts.Name}: {note}");
    }

    private MeasureJob JobFor(string sha256, JournalState kept, ReferencePlan? reference)
    {
        var record = Record(sha256);
        return new MeasureJob
        {
            Path = _job,
            Record = record,
            Journal = _journal,
            Target = on.Target,
            Request = work.Request,
            Selection = work.Selection,
            Stamps = hashes.StampsOf(file),
            IsGpuWanted = _plan?.IsGpuWanted ?? false,
            Reference = reference,
            Load = LoadChoice.For(work, on.Target, _plan, record.Facts, kept),
        };
    }

    // What is known before the file is loaded. Where the run has several targets, rows of a file that never starts would be the same on each: what
    // was asked for tells them apart.
    private FileRecord Record(string? sha256)
    {
        var isOneOfSeveral = work.Targets.Count > 1;
        return new FileRecord
        {
            Facts = file.Facts with { Sha256 = sha256 },
            Engine = on.Target.Engine,
            DeviceLabel = on.Target.DeviceLabel,
            EngineVersion = sha256 is null ? null : on.Measurer!.Engine.Version,
            Libraries = sha256 is null ? null : on.Measurer!.Engine.Libraries,
            Backend = isOneOfSeveral ? on.Target.Backend : null,
            Device = isOneOfSeveral ? on.Target.Device ?? on.Target.DeviceLabel : null,
            Status = RowStatus.Ok,
            Flags = file.Facts.Flags,
        };
    }

    private FileRecord NeverStarted(FileRecord record, RowStatus status, string reason) =>
        UnnamedRows.Append(_journal, record, work.Request, status, reason);

    private void RequireSameContent(string sha256, JournalState kept)
    {
        if (kept is { Rows: > 0, File.Facts.Sha256: { } was } && was != sha256)
        {
            throw new RunDiffersException(
                $"{file.Facts.Path}: sha256 is {sha256}, and was {was} when its first rows were measured; begin a new run"
            );
        }
    }

    private IEnumerable<long> MeasuredPlaces() =>
        JournalReader
            .ReadRows(_journal)
            .Where(row => row.Status == RowStatus.Ok)
            .Select(row => row.Place);
}
