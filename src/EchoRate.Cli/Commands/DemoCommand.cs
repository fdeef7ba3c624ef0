using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Quantizing;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.DemoModels;
using EchoRate.Gguf;
using EchoRate.LLamaSharp;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate demo</c>: builds the demo models, quantizes them, runs them. Nothing is downloaded but llama.cpp itself.</summary>
internal sealed class DemoCommand(UserTerminal terminal, RunPipeline pipeline)
{
    private const string Source = "F16";

    private const string Lowest = "Q2_K";

    private static readonly string[] Steps = ["Q8_0", "Q6_K", "Q4_K_M", "Q3_K_M", Lowest];

    private readonly Option<string?> _out = SharedOptions.Out();
    private readonly Option<CsvProfile?> _csv = SharedOptions.Csv();
    private readonly Option<int?> _threads = SharedOptions.Threads();

    private readonly Option<string?> _backend = SharedOptions.Backend();
    private readonly Option<int?> _timeout = SharedOptions.Timeout();
    private readonly Option<bool> _inProcess = SharedOptions.InProcess();

    /// <summary>The command, for the parser.</summary>
    public Command Build(CancellationToken cancellation)
    {
        var command = new Command(
            "demo",
            "Build small constructed models, quantize them, run them; no model download"
        )
        {
            _out,
            _csv,
            _backend,
            _threads,
            _timeout,
            _inProcess,
        };
        command.SetAction((parsed, _) => RunAsync(parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var timeout = SharedOptions.TimeoutOf(parsed, _timeout, _inProcess);
        var path = pipeline.PathOf(parsed.GetValue(_out));
        RunFolder.RequireNew(path);
        RunTarget[] targets =
        [
            TargetFinder.On(
                Engines.AutoTarget,
                parsed.GetValue(_backend) ?? Engines.AutoTarget.Backend
            ),
        ];
        // What cannot run is said before anything is built.
        await pipeline.RequireAsync(targets, cancellation);
        var library = Engines.Library();
        var folder = RunFolder.Create(path);
        await terminal.Error.WriteLineAsync(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known."
        );
        var jobs = BuildModels(folder, library, parsed.GetValue(_threads) ?? 0, cancellation);
        return await pipeline.RunAsync(
            new RunPlan
            {
                Folder = folder,
                Jobs = jobs,
                Request = new ProbeRequest(),
                Profile = parsed.GetValue(_csv) ?? CsvProfile.Excel,
                Seed = 0,
                Threads = parsed.GetValue(_threads) ?? 0,
                Timeout = timeout,
                InProcess = parsed.GetValue(_inProcess),
                Targets = targets,
                Arguments = [.. parsed.Tokens.Select(token => token.Value)],
                WorkingFolder = terminal.WorkingFolder,
            },
            cancellation
        );
    }

    private List<FileJob> BuildModels(
        RunFolder folder,
        LLamaSharpLibrary library,
        int threads,
        CancellationToken cancellation
    )
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
