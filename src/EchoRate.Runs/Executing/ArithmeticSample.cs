using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>Has some rows of a file measured once more in the other arithmetic.</summary>
internal sealed class ArithmeticSample(
    RunWork work,
    TargetMeasurer on,
    Action<string> log,
    CancellationToken cancellation
)
{
    /// <summary>Measures the sample into the journal beside the file's own.</summary>
    /// <param name="record">The file, done.</param>
    /// <param name="journal">Its journal.</param>
    /// <param name="jobOf">Makes the job that goes on with rows that are there: on as many layers, in batches as wide.</param>
    /// <returns>What went wrong, one line; it costs no row, the file is then one that was not checked. Else null.</returns>
    public string? Measure(FileRecord record, string journal, Func<JournalState, MeasureJob> jobOf)
    {
        var path = RunFolder.CheckOf(journal);
        if (
            work.Check is null
            || record is not { Status: RowStatus.Ok, Arithmetic: { } was }
            || record.Flags.Contains(RowFlags.NotExact)
            || JournalState.ReadIfThere(path).IsComplete
        )
        {
            return null;
        }
        // Begun anew where it was cut off: it is small.
        File.Delete(path);
        var library = new ReferencePlan(
            References.StemOf(work.Folder, "check"),
            record.Facts.FileId!,
            record.Facts.VocabularySize ?? 0,
            ReferenceUse.Record
        );
        var job = jobOf(new JournalState { File = record, Rows = 1 });
        job = job with
        {
            Journal = path,
            Request = work.Request with { ContinueTokens = 0, Sample = work.Check },
            Load = job.Load with { Contexts = 1 },
        };
        var target = on.Target.Other(was);
        var kept = new JournalState { File = record };
        var other = job with
        {
            Target = target,
            IsGpuWanted = false,
            Load = LoadChoice.For(work, target, plan: null, record.Facts, kept),
        };
        try
        {
            if (was == Arithmetic.Library)
            {
                // Its logits, for the divergence of the library's answers from the exact ones.
                Measure(job with { Reference = library });
                File.Delete(path);
                var approximation = library with { Use = ReferenceUse.ReadAsApproximation };
                other = other with { Reference = approximation };
            }
            Measure(other);
            return null;
        }
        catch (Exception e) when (e is EngineException or NativeLibraryException or IOException)
        {
            File.Delete(path);
            return e.Message;
        }
        finally
        {
            ReferenceStore.Delete(library.Stem);
        }
    }

    // A worker that died leaves failed rows, and with them half a sample.
    private void Measure(MeasureJob job)
    {
        var done = on.Measurer!.Measure(job, log, _ => { }, cancellation);
        if (done.Status != RowStatus.Ok || JournalState.ReadIfThere(job.Journal).Failed > 0)
        {
            throw new EngineException(done.Reason ?? "its rows failed");
        }
    }
}
