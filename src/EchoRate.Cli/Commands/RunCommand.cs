using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Machine.Backends;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate run</c>: measures GGUF files and leaves a run's folder.</summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="pipeline">Carries the run out.</param>
/// <param name="words">The command line, as run.json keeps it.</param>
/// <param name="cancellation">Stops on request.</param>
internal sealed partial class RunCommand(
    UserTerminal terminal,
    RunPipeline pipeline,
    IReadOnlyList<string> words,
    CancellationToken cancellation
)
{
    [Command("run", Description = "Measure GGUF files: echo and completion, with and without BOS")]
    public Task<int> RunAsync(RunRequest request) =>
        request.Resume ? ResumeAsync(request) : RunAsync(request, null);

    private async Task<int> RunAsync(RunRequest request, RunInfo? earlier)
    {
        // Files are looked for when the words of the command line are known to be right, or when a set has to know them.
        var files = new Lazy<(IReadOnlyList<FileJob> Jobs, RunInfo.ManifestInfo? Manifest)>(() =>
            FindFiles(request)
        );
        var sources = new ItemSources(terminal.WorkingFolder, request.Seed);
        var probes = new ProbeRequest
        {
            ItemSets = sources.Items(request.Items, () => SharedBy(files.Value.Jobs)),
            PromptSets = sources.Prompts(request.Prompts),
            Arms = ItemSources.Arms(request.Arms),
            ContinueTokens = request.ContinueTokens,
            Neutral = new NeutralPrefixes(
                request.Neutral ?? NeutralPrefixes.DefaultCount,
                request.Seed
            ),
        };
        if (request.Neutral is not null && !probes.Arms.Contains(Arm.Neutral))
        {
            throw new UsageException(
                "--neutral: the arm 'neutral' is not asked for; add it to --arms"
            );
        }
        var limit = request.TimeLimit();
        var gpu = GpuOf(request);
        var targets = TargetsOf(request, gpu, earlier);
        var (jobs, manifest) = files.Value;
        var path = pipeline.PathOf(request.Out);
        // Before anything is made or fetched.
        var plan = RunPipeline.InOrder(
            new RunPlan
            {
                Folder = RunFolder.At(path),
                Jobs = jobs,
                Gpu = gpu,
                Targets = targets,
                Request = probes,
                Profile = request.Csv,
                Seed = request.Seed,
                Reference = ReferenceOf(request, jobs),
                Threads = request.Threads ?? 0,
                Sequences = request.Sequences,
                Shard = request.Shard?.Info,
                Timeout = limit,
                InProcess = request.InProcess,
                CanResume = true,
                Arguments = words,
                WorkingFolder = terminal.WorkingFolder,
                Inputs = [.. sources.Inputs(request.Items), .. sources.Inputs(request.Prompts)],
                Manifest = manifest,
                Earlier = earlier,
            }
        );
        if (earlier is not null)
        {
            RunPipeline.RequireSame(path, earlier, pipeline.Describe(plan, plan.Asked));
            if (earlier.Finished is not null)
            {
                return SayFinished(earlier);
            }
        }
        // Of a run that is gone on with a part is there already, or needed no more; how much, only its rows tell.
        if (earlier is null)
        {
            References.CheckRoom(path, jobs, probes, plan.Targets.Count, plan.Shard?.Count ?? 1);
        }
        var folder = await pipeline.OpenFolderAsync(path, plan, cancellation);
        return await pipeline.RunAsync(plan with { Folder = folder }, cancellation);
    }

    // The engine on every device. A run that is gone on with stays where it was: on the backend that was chosen for it then.
    private static RunTarget[] TargetsOf(RunRequest request, GpuWishes gpu, RunInfo? earlier) =>
        [
            .. gpu.Targets(TargetFinder.On(Engines.AutoTarget, request.Backend.Name))
                .Select(
                    (target, index) =>
                        request.Backend.Name == BackendChooser.Auto
                        && earlier?.Targets.ElementAtOrDefault(index) is { } was
                        && (was.Engine, was.Device) == (target.Engine, target.Device)
                            ? target with
                            {
                                Backend = was.Backend,
                                DeviceLabel = was.DeviceLabel,
                            }
                            : target
                ),
        ];
}
