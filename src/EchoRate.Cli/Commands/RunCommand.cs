using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Pulling;
using EchoRate.Cli.Requests;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Gguf;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate run</c>: measures GGUF files and leaves a run's folder.</summary>
internal sealed class RunCommand(UserTerminal terminal, Beginning beginning, FirstRun firstRun)
{
    [Command("run", Description = "Measure GGUF files: echo and completion, with and without BOS")]
    public async Task<int> RunAsync(RunRequest request)
    {
        request = request.From(terminal.WorkingFolder);
        await firstRun.BringAsync(
            request,
            () =>
            {
                if (!request.Resume)
                {
                    _ = Plan(request, null);
                    beginning.RequireWritable(request.Out);
                }
            }
        );
        return await beginning.RunAsync(request, Verb.Of(() => this), Plan);
    }

    private RunPlan Plan(RunRequest request, RunInfo? earlier)
    {
        // Files are looked for when the words of the command line are known to be right, or when a set has to know them.
        var files = new Lazy<(IReadOnlyList<FileJob> Files, RunInfo.ManifestInfo? Manifest)>(() =>
            ModelFiles.Find(request, "--file", earlier?.WorkingFolder ?? terminal.WorkingFolder)
        );
        var sources = new ItemSources(request.Seed);
        var probes = new ProbeRequest
        {
            ItemSets = sources.Items(request.Items, () => SharedBy(files.Value.Files)),
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
        request.CheckTimeLimit();
        GpuOptions.Check(request);
        var targets = GpuOptions.Targets(request, earlier);
        var (named, manifest) = files.Value;
        var models = new ModelGroups(
            request.SameModel == SameModel.Auto ? null : request.SameModel == SameModel.Yes
        );
        var found = models.Settle(named);
        CheckReference(request.Reference, [.. found.Select(RunInfo.FileInfo.Of)]);
        return new RunPlan
        {
            Request = request,
            Arguments = terminal.Words,
            Probes = probes,
            Files = new Ladders(request.Reference).Order(found, file => file.Facts),
            Notes = models.Notes,
            Targets = targets,
            Inputs = ItemSources.Inputs([.. request.Items, .. request.Prompts]),
            Manifest = manifest,
            Earlier = earlier,
        };
    }

    /// <summary>Refuses a reference that no file of the run is, or several of one model.</summary>
    /// <exception cref="UsageException">None is, or several are.</exception>
    internal static void CheckReference(string? named, IReadOnlyList<RunInfo.FileInfo> files)
    {
        if (named is null)
        {
            return;
        }
        var ladders = new Ladders(named);
        var meant = files
            .GroupBy(file => file.Model)
            .Select(model =>
                ladders.Named([.. model], file => file.Label, file => file.Quantization)
            )
            .ToList();
        if (meant.TrueForAll(model => model.Count == 0))
        {
            var present = files.Select(file => file.Label).OfType<string>().Distinct();
            throw new UsageException(
                $"--reference: no file of this run is '{named}'; there are: {string.Join(", ", present)}"
            );
        }
        if (meant.Find(model => model.Count > 1) is { } several)
        {
            var labels = several.Select(file => file.Label).ToList();
            var candidates =
                labels.Distinct().Count() == labels.Count
                    ? $"name one of them: {string.Join(", ", labels)}"
                    : $"give them names that tell them apart: {string.Join(", ", several.Select(file => file.Paths is [var path, ..] ? path : file.Label))}";
            throw new UsageException(
                $"--reference: '{named}' is {several.Count} files of {several[0].Model}; {candidates}"
            );
        }
    }

    private static IReadOnlyList<byte[]> SharedBy(IReadOnlyList<FileJob> files)
    {
        var headers = files.Select(file => file.Header).OfType<GgufFile>().ToList();
        var words = SharedWords.Of(headers);
        return words.Count > 0 || headers.Count == 0
            ? words
            : throw new UsageException(
                "--items: the models of this run share no word that is one token in each of them, so common:N has none to draw"
            );
    }
}
