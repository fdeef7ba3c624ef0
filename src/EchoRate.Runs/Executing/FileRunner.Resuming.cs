using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Executing;

/// <summary>What a run does with a file of which an earlier process left rows.</summary>
public sealed partial class FileRunner
{
    // An earlier process had done the file. Where it is the reference of files to come, and its logits are gone, it is measured again.
    private void PassOver(
        FileJob job,
        JournalState kept,
        string path,
        StreamWriter log,
        RowSelection selection,
        FilePlan? plan,
        CancellationToken cancellation
    )
    {
        if (job.Barred is not null)
        {
            return;
        }
        if (kept.File!.Facts.Sha256 is null)
        {
            references.Pass(job.Facts);
            return;
        }
        var isKept = references.TryKeep(kept.File, MeasuredPlaces(path), out var again);
        if (isKept && !job.IsTouched)
        {
            return;
        }
        var facts = Hashed(job, kept, cancellation);
        if (isKept)
        {
            return;
        }
        using var check = new RowCheck(path, kept.Rows);
        var keeper = new RowKeeper(
            RecordOf(job) with
            {
                Facts = facts,
                EngineVersion = measurer!.EngineVersion,
                Libraries = measurer.Libraries,
            },
            kept,
            null,
            log,
            check,
            _ => { }
        );
        try
        {
            measurer.Measure(JobFor(facts, kept, selection, again, plan), keeper, cancellation);
        }
        catch (EngineException e)
        {
            throw CannotGoOn(job, kept, e);
        }
        references.Done(kept.File);
    }

    private ModelFacts Hashed(FileJob job, JournalState kept, CancellationToken cancellation)
    {
        if (!hashes.TryCompute(job, cancellation, out var sha256, out var wrong))
        {
            throw new RunException(wrong);
        }
        var facts = job.Facts with { Sha256 = sha256 };
        RequireSameContent(facts, kept);
        return facts;
    }

    private static void RequireSameContent(ModelFacts facts, JournalState kept)
    {
        if (kept is { Rows: > 0, File.Facts.Sha256: { } was } && was != facts.Sha256)
        {
            throw new RunDiffersException(
                $"{facts.Path}: sha256 is {facts.Sha256}, and was {was} when its first rows were measured; begin a new run"
            );
        }
    }

    private static RunException CannotGoOn(FileJob job, JournalState kept, EngineException e) =>
        new(
            $"{job.Facts.Path}: {kept.Rows} rows of it are there, and it cannot be loaded now: {e.Message}",
            e
        );

    private static IEnumerable<long> MeasuredPlaces(string path) =>
        JournalReader
            .ReadRows(path)
            .Where(row => row.Status == RowStatus.Ok)
            .Select(row => row.Place);

    private static IEnumerable<long> MeasuredPlaces(string path, JournalState kept) =>
        kept.Rows == 0 ? [] : MeasuredPlaces(path);
}
