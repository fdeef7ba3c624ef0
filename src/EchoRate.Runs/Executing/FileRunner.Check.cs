using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Results;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

internal sealed partial class FileRunner
{
    // Some rows once more in the other arithmetic. What goes wrong here costs no row: the file is then one that was not checked.
    private void Check(
        FileRecord record,
        LogFile log,
        IRunProgress progress,
        CancellationToken cancellation
    )
    {
        var path = RunFolder.CheckOf(_journal);
        if (
            work.Check is null
            || record is not { Status: RowStatus.Ok, Arithmetic: { } was }
            || record.Flags.Contains(RowFlags.NotExact)
            || JournalState.ReadIfThere(path).IsComplete
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
        // On as many layers as the rows were, in batches as wide.
        var measured = new JournalState { File = record, Rows = 1 };
        var job = JobFor(record.Facts.Sha256!, measured, reference: null) with
        {
            Journal = path,
            Request = work.Request with { ContinueTokens = 0, Sample = work.Check },
        };
        job = job with { Load = job.Load with { Contexts = 1 } };
        var target = on.Target.Other(was);
        try
        {
            if (was == Arithmetic.Library)
            {
                // Its logits, for the divergence of the library's answers from the exact ones.
                Measure(job with { Reference = library });
                File.Delete(path);
            }
            Measure(
                job with
                {
                    Target = target,
                    IsGpuWanted = false,
                    Reference =
                        was == Arithmetic.Library
                            ? library with
                            {
                                Use = ReferenceUse.ReadAsApproximation,
                            }
                            : null,
                    Load = LoadChoice.For(
                        work,
                        target,
                        plan: null,
                        record.Facts,
                        new JournalState { File = record }
                    ),
                }
            );
        }
        catch (Exception e) when (e is EngineException or NativeLibraryException or IOException)
        {
            File.Delete(path);
            var line = $"{file.Facts.Name}: not checked in the other arithmetic: {e.Message}";
            log.Write(line);
            progress.Say(line);
        }
        finally
        {
            ReferenceStore.Delete(library.Stem);
        }

        // A worker that died leaves failed rows, and with them half a sample.
        void Measure(MeasureJob of)
        {
            var done = on.Measurer!.Measure(of, log.Write, _ => { }, cancellation);
            if (done.Status != RowStatus.Ok || JournalState.ReadIfThere(path).Failed > 0)
            {
                throw new EngineException(done.Reason ?? "its rows failed");
            }
        }
    }
}
