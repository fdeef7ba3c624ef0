using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Pulling;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.Hub.Manifests;
using EchoRate.LLamaSharp.Quantizing;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

internal sealed record DemoRequest : MeasuringRequest
{
    [Option("no-check", Description = OptionTexts.NoCheck)]
    public bool NoCheck { get; init; }

    [Option("quiet", Description = OptionTexts.Quiet)]
    public bool Quiet { get; init; }

    [Option(
        "real",
        Description = "Then run a small real model of the manifest, fetched where it is not here, into runs/, or DIR-real"
    )]
    public bool Real { get; init; }
}

/// <summary><c>echorate demo</c>: builds the demo models, quantizes them, runs them. Nothing is downloaded.</summary>
internal sealed class DemoCommand(
    UserTerminal terminal,
    RunPipeline pipeline,
    Func<UserTerminal, RunCommand> runCommand
)
{
    private const string Source = "F16";

    private const string Lowest = "Q2_K";

    private static readonly string[] _steps = ["Q8_0", "Q6_K", "Q4_K_M", "Q3_K_M", Lowest];

    [Command(
        "demo",
        Description = "Build small constructed models, quantize them, run them; no model download"
    )]
    public async Task<int> RunAsync(DemoRequest request)
    {
        request.CheckTimeLimit();
        var first = FirstRun.Find(terminal.WorkingFolder);
        if (request.Real && first is null)
        {
            throw new UsageException(
                $"--real: no {OptionTexts.DefaultManifest} with a small model in {terminal.WorkingFolder}; start in the repository's folder, or run a file that you have: echorate run --file PATH.gguf"
            );
        }
        var path = pipeline.PathOf(request.Out);
        RunFolder.RequireNew(path);
        var run = request.ToRun();
        GpuOptions.Check(run);
        var targets = GpuOptions.Targets(run);
        // What cannot run is said before anything is built.
        await pipeline.RequireAsync(targets);
        var quantizer = new Quantizer(Engines.Library());
        var folder = RunFolder.Create(path);
        await terminal.Error.WriteLineAsync(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known."
        );
        var jobs = BuildModels(folder, quantizer, request.Threads ?? 0);
        var code = await pipeline.RunAsync(
            new RunPlan
            {
                Request = run,
                Arguments = terminal.Words,
                Probes = new ProbeRequest(),
                Files = new Ladders(null).Order(jobs, file => file.Facts),
                Targets = targets,
            },
            folder
        );
        return code == ExitCode.Done && first is not null ? await NextAsync(request, first) : code;
    }

    // What the demo is for is a real model; the way there is one command.
    private async Task<int> NextAsync(DemoRequest request, ManifestEntry first)
    {
        if (!request.Real)
        {
            await terminal.Error.WriteLineAsync($"Next, a real model: {FirstRun.Describe(first)}");
            return ExitCode.Done;
        }
        var run = request.ToRun() with
        {
            Models = [first.Model.Name],
            Quants = [first.File.Label],
            Out = request.Out is null ? null : request.Out + "-real",
        };
        string[] line = ["run", "--model", first.Model.Name, "--quant", first.File.Label];
        return await runCommand(terminal with { Words = line }).RunAsync(run);
    }

    private List<FileJob> BuildModels(RunFolder folder, Quantizer quantizer, int threads)
    {
        var models = Directory.CreateDirectory(Path.Combine(folder.Path, "models")).FullName;
        var jobs = new List<FileJob>();
        foreach (var model in DemoCatalogue.All)
        {
            terminal.Error.WriteLine($"{model.Name}: {model.Description}");
            var path = Path.Combine(models, QuantizationNames.FileName(model.Name, Source));
            model.Write(path);
            var request = new QuantizeRequest { Source = path, Threads = threads };
            List<string> files = [path, .. Make(request, _steps)];
            if (model == DemoCatalogue.Echo)
            {
                // The mixtures keep a tied embedding at Q6_K whatever the label says; one file shows what happens where it is not kept.
                files.AddRange(
                    Make(request with { TokenEmbeddingType = GgufTensorType.Q2_K }, Lowest)
                );
            }
            jobs.AddRange(files.Select(file => Describe(ModelFiles.FromPath(file), model)));
        }
        return jobs;

        IEnumerable<string> Make(QuantizeRequest request, params string[] types)
        {
            var planned = new QuantizePlanner(quantizer, request, models).Plan(
                types,
                terminal.Cancellation
            );
            planned.Make(quantizer, null, terminal.Cancellation);
            return planned.Files.Select(file => file.Path);
        }
    }

    private static FileJob Describe(FileJob job, DemoModel model) =>
        job with
        {
            Facts = job.Facts with { Family = model.Architecture },
        };
}
