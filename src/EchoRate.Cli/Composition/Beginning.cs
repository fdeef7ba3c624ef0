using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>Begins a run, or goes on with one that was cut off.</summary>
internal sealed class Beginning(UserTerminal terminal, RunPipeline pipeline)
{
    /// <summary>Makes sure that a new run's folder can be made, and leaves none.</summary>
    /// <exception cref="RunException">It cannot.</exception>
    public void RequireWritable(string? named) =>
        RunFolder.Create(pipeline.PathOf(named)).Discard();

    /// <summary>Runs what the plan of a request, with full paths, asks for; a plan goes on with the earlier run where there is one.</summary>
    public async Task<int> RunAsync<T>(T request, Verb verb, Func<T, RunInfo?, RunPlan> plan)
        where T : ModelsRequest
    {
        var given = verb.NamesIn([.. terminal.Words.Skip(1)]).ToList();
        var asksNothing = given.All(RunDifferences.IsOfNow);
        if (!request.Resume || Earlier(request, verb, asksNothing) is not { } earlier)
        {
            var begun = plan(request, null);
            if (begun.Look is null)
            {
                References.CheckRoom(
                    pipeline.PathOf(request.Out),
                    begun.Files,
                    begun.Probes,
                    begun.Targets.Count,
                    begun.Request.Shard?.Count ?? 1
                );
            }
            return await pipeline.RunAsync(begun, null);
        }
        // Said again or not: what the run was begun with holds, and what is said now must be the same.
        if (earlier.Finished is not null && asksNothing)
        {
            return SayFinished(earlier);
        }
        var then = earlier.Options.DeepClone().AsObject();
        var now = RequestJson.Write(request);
        foreach (var name in given)
        {
            then[name] = now[name]?.DeepClone();
        }
        var again = plan(RequestJson.Read<T>(then), earlier);
        pipeline.RequireSame(again);
        // Of the references a part is there already, or needed no more; how much, only the rows tell.
        return earlier.Finished is null
            ? await pipeline.RunAsync(again, null)
            : SayFinished(earlier);
    }

    // The run in --out; null where there is none, because it was killed before it was a run, or never begun.
    private RunInfo? Earlier(MeasuringRequest request, Verb verb, bool asksNothing)
    {
        if (request.Out is null)
        {
            throw new UsageException("--resume: name the run's folder with --out DIR");
        }
        var path = pipeline.PathOf(request.Out);
        if (!RunFolder.IsRun(path))
        {
            return asksNothing
                ? throw new UsageException(
                    $"--resume: no run in {path} to go on with; to begin one there, say what it is to measure"
                )
                : null;
        }
        var folder = RunFolder.Open(path);
        var earlier = RunInfo.Read(folder.InfoPath);
        if (earlier.Command != verb.Name)
        {
            throw new UsageException(
                $"{path}: made by 'echorate {earlier.Command}'; '{verb.Name} --resume' goes on with what 'echorate {verb.Name}' made"
            );
        }
        // Of a finished run that lost rows since, what is lost is measured again.
        return EarlierRun.Lost(earlier, folder) is null
            ? earlier
            : earlier with
            {
                Finished = null,
            };
    }

    private int SayFinished(RunInfo run)
    {
        terminal.Error.WriteLine(
            $"The run is finished since {run.Finished:yyyy-MM-dd HH:mm:ss}; nothing is left to do"
        );
        return ExitCode.Done;
    }
}
