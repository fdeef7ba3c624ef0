using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Has some rows of a file measured once more in the other arithmetic.</summary>
internal sealed partial class FileRunner
{
    // Measures the sample into the journal beside the file's own. What goes wrong costs no row: the file is then one that was not checked.
    private void MeasureSample(FileRecord record)
    {
        var path = RunFolder.CheckOf(_journal);
        if (
            work.Check is null
            || record is not { Status: RowStatus.Ok, Arithmetic: { } was }
            || record.Flags.Contains(RowFlags.NotExact)
            || JournalReader.LastRecord(path) is { Arithmetic: { } done } && done != was
        )
        {
            return;
        }
        // Begun anew where it was cut off: it is small.
        File.Delete(path);
        var library = new ReferencePlan(
            References.StemOf(work.Folder, "check"),
            record.Facts.FileId!,
            record.Facts.VocabularySize ?? 0,
            ReferenceUse.Record
        );
        // As if the file were gone on with: on as many layers, in batches as wide.
        var kept = new JournalState { File = record, Rows = 1 };
        var job = JobFor(record.Facts.Sha256!, kept, reference: null) with
        {
            Journal = path,
            Request = work.Request with { ContinueTokens = 0, Sample = work.Check },
        };
        job = job with { Load = job.Load with { Contexts = 1 } };
        var target = on.Target.Other(was);
        var other = job with
        {
            Target = target,
            IsGpuWanted = false,
            Load = LoadChoice.For(work, target, plan: null, record.Facts, kept with { Rows = 0 }),
        };
        try
        {
            if (was == Arithmetic.Library)
            {
                // Its logits, for the divergence of the library's answers from the exact ones.
                MeasureSample(job with { Reference = library });
                File.Delete(path);
                var approximation = library with { Use = ReferenceUse.ReadAsApproximation };
                other = other with { Reference = approximation };
            }
            MeasureSample(other);
        }
        catch (Exception e) when (e is EngineException or NativeLibraryException or IOException)
        {
            File.Delete(path);
            Say($"not checked in the other arithmetic: {e.Message}");
        }
        finally
        {
            ReferenceStore.Delete(library.Stem);
        }
    }

    // A worker that died leaves failed rows, and with them half a sample.
    private void MeasureSample(MeasureJob job)
    {
        var done = on.Measurer!.Measure(job, _log.WriteLine, _ => { }, Cancellation);
        if (done.Status != RowStatus.Ok || JournalState.Read(job.Journal).Failed > 0)
        {
            throw new EngineException(done.Reason ?? "its rows failed");
        }
    }
}
