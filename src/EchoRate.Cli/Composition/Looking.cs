using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>Looks into model files: a run whose rows show where an echo lives.</summary>
internal sealed class Looking(UserTerminal terminal, Beginning beginning)
{
    /// <summary>Measures all files and writes the folder.</summary>
    public Task<int> RunAsync<T>(T request, Verb verb, Func<T, LookReport> ask)
        where T : LookingRequest =>
        beginning.RunAsync(
            (T)request.From(terminal.WorkingFolder),
            verb,
            (settled, earlier) => Plan(settled, earlier, ask)
        );

    private RunPlan Plan<T>(T request, RunInfo? earlier, Func<T, LookReport> ask)
        where T : LookingRequest
    {
        if (request is { Files.Length: 0, Models.Length: 0, Manifest: null })
        {
            throw new UsageException(
                "name a model file, FILE.gguf, or a model of the manifest with --model NAME"
            );
        }
        var look = ask(request);
        request.CheckTimeLimit();
        var run = request.ToRun() with { NoCheck = true };
        GpuOptions.Check(run);
        var targets = GpuOptions.Targets(run, earlier);
        var (files, manifest) = ModelFiles.Find(
            request,
            "FILE.gguf",
            earlier?.WorkingFolder ?? terminal.WorkingFolder
        );
        if (
            files
                .Select(file => look.Probes.Look?.ProblemOf(file.Facts))
                .OfType<string>()
                .FirstOrDefault() is
            { } problem
        )
        {
            throw new UsageException(problem);
        }
        return new RunPlan
        {
            Request = run,
            Options = RequestJson.Write(request),
            Look = look,
            Arguments = terminal.Words,
            Probes = look.Probes,
            Files = files,
            Targets = targets,
            Inputs = look.Inputs,
            Manifest = manifest,
            Earlier = earlier,
        };
    }
}
