using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Machine.Backends;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate run</c>: measures GGUF files and leaves a run's folder.</summary>
internal sealed partial class RunCommand(UserTerminal terminal, RunPipeline pipeline)
{
    private const int DefaultContinuation = 16;

    // run --resume --out DIR
    private const int FewestWords = 4;

    private readonly Option<string?> _manifest = SharedOptions.Path(
        "--manifest",
        "FILE",
        $"Manifest of models (default: {ManifestSource.DefaultName} in this folder)"
    );
    private readonly Option<string[]> _models = SharedOptions.List(
        "--model",
        "NAME",
        "Only these models of the manifest"
    );
    private readonly Option<string[]> _quants = SharedOptions.List(
        "--quant",
        "Q",
        "Only these quantizations of the manifest"
    );
    private readonly Option<string[]> _files = SharedOptions.Paths(
        "--file",
        "PATH.gguf",
        "A GGUF file, without any manifest; may be given again"
    );
    private readonly Option<string[]> _items = SharedOptions.List(
        "--items",
        "LIST",
        $"Words to echo: {ItemSources.AllowedItems} (default: words,sample:500)"
    );
    private readonly Option<string[]> _prompts = SharedOptions.List(
        "--prompts",
        "LIST",
        $"Prompts to complete: {ItemSources.AllowedPrompts} (default: published,ioi)"
    );
    private readonly Option<string[]> _arms = SharedOptions.List(
        "--arms",
        "LIST",
        $"Conditions: {Arm.Allowed} (default: without,with)"
    );
    private readonly Option<int?> _continueTokens = SharedOptions.Number(
        "--continue-tokens",
        "N",
        $"Tokens of a greedy continuation, 0 for none (default: {DefaultContinuation})",
        0,
        4096
    );
    private readonly Option<int?> _neutral = SharedOptions.Number(
        "--neutral",
        "K",
        $"Seeded words among the prefixes of the arm neutral, beside newline and EOS (default: {NeutralPrefixes.DefaultCount})",
        0,
        1000
    );
    private readonly Option<string?> _reference = SharedOptions.Reference();
    private readonly Option<int?> _seed = SharedOptions.Number(
        "--seed",
        "S",
        "Seed of everything drawn (default: 0)",
        0,
        int.MaxValue
    );
    private readonly Option<string?> _backend = SharedOptions.Backend();
    private readonly Option<int?> _threads = SharedOptions.Threads();
    private readonly Option<int?> _sequences = SharedOptions.Number(
        "--sequences",
        "N",
        $"Rows in one batch at most (default: as many as fit in memory, up to {RunPipeline.MostSequences})",
        1,
        RunPipeline.MostSequences
    );
    private readonly Option<RunInfo.ShardInfo?> _shard = ShardOption.Make();
    private readonly Option<int?> _timeout = SharedOptions.Timeout();
    private readonly Option<bool> _inProcess = SharedOptions.InProcess();
    private readonly Option<string?> _out = SharedOptions.Out();
    private readonly Option<bool> _resume = new("--resume")
    {
        Description =
            "Go on with the run in --out DIR after its last whole batch; arguments may be left out",
    };
    private readonly Option<CsvProfile?> _csv = SharedOptions.Csv();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command(
            "run",
            "Measure GGUF files: echo and completion, with and without BOS"
        )
        {
            _manifest,
            _models,
            _quants,
            _files,
            _items,
            _prompts,
            _arms,
            _neutral,
            _seed,
            _reference,
            _continueTokens,
            _backend,
            _devices,
            _gpuLayers,
            _cpuMoe,
            _vramMargin,
            _mainGpu,
            _tensorSplit,
            _threads,
            _sequences,
            _shard,
            _timeout,
            _inProcess,
            _out,
            _resume,
            _csv,
        };
        command.SetAction(
            (parsed, _) =>
                parsed.GetValue(_resume)
                    ? ResumeAsync(command, parsed, cancellation)
                    : RunAsync(parsed, null, cancellation)
        );
        return command;
    }

    private async Task<int> RunAsync(
        ParseResult parsed,
        RunInfo? earlier,
        CancellationToken cancellation
    )
    {
        // Files are looked for when the words of the command line are known to be right, or when a set has to know them.
        var files = new Lazy<(IReadOnlyList<FileJob> Jobs, RunInfo.ManifestInfo? Manifest)>(() =>
            FindFiles(parsed)
        );
        var seed = parsed.GetValue(_seed) ?? 0;
        var sources = new ItemSources(terminal.WorkingFolder, seed);
        var request = new ProbeRequest
        {
            ItemSets = sources.Items(
                Given(parsed, _items, "words", "sample:500"),
                () => SharedBy(files.Value.Jobs)
            ),
            PromptSets = sources.Prompts(Given(parsed, _prompts, "published", "ioi")),
            Arms = ItemSources.Arms(Given(parsed, _arms, [.. Arm.Default.Select(arm => arm.Name)])),
            ContinueTokens = parsed.GetValue(_continueTokens) ?? DefaultContinuation,
            Neutral = new NeutralPrefixes(
                parsed.GetValue(_neutral) ?? NeutralPrefixes.DefaultCount,
                seed
            ),
        };
        if (parsed.GetValue(_neutral) is not null && !request.Arms.Contains(Arm.Neutral))
        {
            throw new UsageException(
                $"{_neutral.Name}: the arm 'neutral' is not asked for; add it to --arms"
            );
        }
        var timeout = SharedOptions.TimeoutOf(parsed, _timeout, _inProcess);
        var gpu = GpuOf(parsed);
        var targets = TargetsOf(parsed, gpu, earlier);
        var (jobs, manifest) = files.Value;
        var path = pipeline.PathOf(parsed.GetValue(_out));
        // Before anything is made or fetched.
        var plan = RunPipeline.InOrder(
            new RunPlan
            {
                Folder = RunFolder.At(path),
                Jobs = jobs,
                Gpu = gpu,
                Targets = targets,
                Request = request,
                Profile = parsed.GetValue(_csv) ?? CsvProfile.Excel,
                Seed = seed,
                Reference = ReferenceOf(parsed, jobs),
                Threads = parsed.GetValue(_threads) ?? 0,
                Sequences = parsed.GetValue(_sequences),
                Shard = parsed.GetValue(_shard),
                Timeout = timeout,
                InProcess = parsed.GetValue(_inProcess),
                CanResume = true,
                Arguments = [.. parsed.Tokens.Select(token => token.Value)],
                WorkingFolder = terminal.WorkingFolder,
                Inputs =
                [
                    .. sources.Inputs(Given(parsed, _items)),
                    .. sources.Inputs(Given(parsed, _prompts)),
                ],
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
            References.CheckRoom(path, jobs, request, plan.Targets.Count, plan.Shard?.Count ?? 1);
        }
        var folder = await pipeline.OpenFolderAsync(path, plan, cancellation);
        return await pipeline.RunAsync(plan with { Folder = folder }, cancellation);
    }

    // A run that is gone on with stays where it was: on the backend that was chosen for it then.
    private RunTarget[] TargetsOf(ParseResult parsed, GpuWishes gpu, RunInfo? earlier)
    {
        var backend = parsed.GetValue(_backend) ?? BackendChooser.Auto;
        return
        [
            .. gpu.Targets(TargetFinder.On(Engines.AutoTarget, backend))
                .Select(
                    (target, index) =>
                        backend == BackendChooser.Auto
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

    private static IReadOnlyList<string> Given(
        ParseResult parsed,
        Option<string[]> option,
        params string[] byDefault
    ) =>
        parsed.GetValue(option) is { Length: > 0 } given
            ? ListValue.Split(option.Name, given)
            : byDefault;
}
