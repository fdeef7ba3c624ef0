using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.DemoModels;
using EchoRate.Llama.Quantizing;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Folder;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate demo</c>: builds the demo models, quantizes them, runs them. Nothing is downloaded but llama.cpp itself.</summary>
internal sealed class DemoCommand(
    UserTerminal terminal,
    Engines engines,
    RunPipeline pipeline,
    TimeProvider clock
)
{
    private const string Source = "F16";

    private static readonly string[] Ladder = ["Q8_0", "Q6_K", "Q4_K_M", "Q3_K_M", "Q2_K"];

    private readonly Option<string?> _out = SharedOptions.Out();
    private readonly Option<CsvProfile?> _csv = SharedOptions.Csv();
    private readonly Option<int?> _threads = SharedOptions.Threads();

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
            _threads,
        };
        command.SetAction((parsed, _) => RunAsync(parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var path = parsed.GetValue(_out) is { } named
            ? Path.GetFullPath(named, terminal.WorkingFolder)
            : RunFolder.DefaultPath(terminal.WorkingFolder, clock.GetLocalNow());
        RunFolder.RequireNew(path);
        var library = await engines.LibraryAsync(cancellation);
        var folder = RunFolder.Create(path);
        await terminal.Error.WriteLineAsync(
            "The demo's models are constructed, not trained: their weights are written by hand so that the answers are known."
        );
        var jobs = BuildModels(
            folder,
            new LlamaQuantizer(library),
            parsed.GetValue(_threads) ?? 0,
            cancellation
        );
        return await pipeline.RunAsync(
            new RunPlan
            {
                Folder = folder,
                Jobs = jobs,
                Request = new ProbeRequest(),
                Profile = parsed.GetValue(_csv) ?? CsvProfile.Excel,
                Seed = 0,
                Threads = parsed.GetValue(_threads) ?? 0,
                Arguments = [.. parsed.Tokens.Select(token => token.Value)],
            },
            cancellation
        );
    }

    private List<FileJob> BuildModels(
        RunFolder folder,
        LlamaQuantizer quantizer,
        int threads,
        CancellationToken cancellation
    )
    {
        var models = Directory.CreateDirectory(Path.Combine(folder.Path, "models")).FullName;
        var jobs = new List<FileJob>();
        foreach (var model in DemoCatalogue.All)
        {
            string PathOf(string quantization) =>
                Path.Combine(models, $"{model.Name}-{quantization}.gguf");

            terminal.Error.WriteLine($"{model.Name}: {model.Description}");
            model.Write(PathOf(Source));
            foreach (var type in Ladder)
            {
                cancellation.ThrowIfCancellationRequested();
                quantizer.Quantize(
                    new QuantizeRequest
                    {
                        Source = PathOf(Source),
                        Destination = PathOf(type),
                        Type = type,
                        Threads = threads,
                    }
                );
            }
            jobs.AddRange(
                new[] { Source }
                    .Concat(Ladder)
                    .Select(type => Describe(ModelFiles.FromPath(PathOf(type)), model))
            );
        }
        return jobs;
    }

    private static FileJob Describe(FileJob job, DemoModel model) =>
        job with
        {
            Facts = job.Facts with { Family = model.Family },
        };
}
