using Cocona;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.LLamaSharp;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate demo</c>.</summary>
internal sealed record DemoRequest : MeasuringRequest;

/// <summary><c>echorate demo</c>: builds the demo models, quantizes them, runs them. Nothing is downloaded.</summary>
/// <param name="terminal">The user's terminal.</param>
/// <param name="pipeline">Carries the run out.</param>
/// <param name="words">The command line, as run.json keeps it.</param>
/// <param name="cancellation">Stops on request.</param>
internal sealed class DemoCommand(
    UserTerminal terminal,
    RunPipeline pipeline,
    IReadOnlyList<string> words,
    CancellationToken cancellation
)
{
    private const string Source = "F16";

    private const string Lowest = "Q2_K";

    private static readonly string[] Steps = ["Q8_0", "Q6_K", "Q4_K_M", "Q3_K_M", Lowest];

    [Command(
        "demo",
        Description = "Build small constructed models, quantize them, run them; no model download"
    )]
    public async Task<int> RunAsync(DemoRequest request)
    {
        var limit = request.TimeLimit();
        var path = pipeline.PathOf(request.Out);
        RunFolder.RequireNew(path);
        RunTarget[] targets = [TargetFinder.On(Engines.AutoTarget, request.Backend.Name)];
        // What cannot run is said before anything is built.
        await pipeline.RequireAsync(targets, cancellation);
        var library = Engines.Library();
        var folder = RunFolder.Create(path);
        await terminal.Error.WriteLineAsync(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known."
        );
        var jobs = BuildModels(folder, library, request.Threads ?? 0);
        return await pipeline.RunAsync(
            new RunPlan
            {
                Folder = folder,
                Jobs = jobs,
                Request = new ProbeRequest(),
                Profile = request.Csv,
                Seed = 0,
                Threads = request.Threads ?? 0,
                Timeout = limit,
                InProcess = request.InProcess,
                Targets = targets,
                Arguments = words,
                WorkingFolder = terminal.WorkingFolder,
            },
            cancellation
        );
    }

    private List<FileJob> BuildModels(RunFolder folder, LLamaSharpLibrary library, int threads)
    {
        var models = Directory.CreateDirectory(Path.Combine(folder.Path, "models")).FullName;
        var (planner, maker) = (new LadderPlanner(library), new LadderMaker(library));
        var jobs = new List<FileJob>();
        foreach (var model in DemoCatalogue.All)
        {
            terminal.Error.WriteLine($"{model.Name}: {model.Description}");
            var order = new LadderOrder
            {
                Source = Path.Combine(models, QuantizationNames.FileName(model.Name, Source)),
                OutFolder = models,
                Types = Steps,
                Threads = threads,
            };
            model.Write(order.Source);
            var files = new List<string> { order.Source };
            foreach (var part in OrdersOf(model, order))
            {
                var ladder = planner.Plan(part, cancellation);
                maker.Make(ladder, null, cancellation);
                files.AddRange(ladder.Files.Select(file => file.Path));
            }
            jobs.AddRange(files.Select(path => Describe(ModelFiles.FromPath(path), model)));
        }
        return jobs;
    }

    // The mixtures keep a tied embedding at Q6_K whatever the label says; one file shows what happens where it is not kept.
    private static IEnumerable<LadderOrder> OrdersOf(DemoModel model, LadderOrder order) =>
        model == DemoCatalogue.Echo
            ? [order, order with { Types = [Lowest], TokenEmbeddingType = Lowest }]
            : [order];

    private static FileJob Describe(FileJob job, DemoModel model) =>
        job with
        {
            Facts = job.Facts with { Family = model.Family },
        };
}
