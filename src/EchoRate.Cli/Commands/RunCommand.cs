using System.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Hub.Cache;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Executing;
using EchoRate.Runs.Files;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Commands;

/// <summary><c>echorate run</c>: measures GGUF files and leaves a run's folder.</summary>
internal sealed class RunCommand(UserTerminal terminal, RunPipeline pipeline)
{
    private const int DefaultContinuation = 16;

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
    private readonly Option<int?> _threads = SharedOptions.Threads();
    private readonly Option<string?> _out = SharedOptions.Out();
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
            _threads,
            _out,
            _csv,
        };
        command.SetAction((parsed, _) => RunAsync(parsed, cancellation));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
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
        var (jobs, manifest) = files.Value;
        var path = pipeline.PathOf(parsed.GetValue(_out));
        // Before anything is made or fetched.
        var reference = ReferenceOf(parsed, jobs);
        References.CheckRoom(path, jobs, request);
        return await pipeline.RunAsync(
            new RunPlan
            {
                Folder = await pipeline.OpenFolderAsync(path, jobs, cancellation),
                Jobs = jobs,
                Request = request,
                Profile = parsed.GetValue(_csv) ?? CsvProfile.Excel,
                Seed = seed,
                Reference = reference,
                Threads = parsed.GetValue(_threads) ?? 0,
                Arguments = [.. parsed.Tokens.Select(token => token.Value)],
                Manifest = manifest,
            },
            cancellation
        );
    }

    // --file alone runs only those files, whatever manifest lies about.
    private (IReadOnlyList<FileJob> Jobs, RunInfo.ManifestInfo? Manifest) FindFiles(
        ParseResult parsed
    )
    {
        var paths = (parsed.GetValue(_files) ?? [])
            .Select(path => Path.GetFullPath(path, terminal.WorkingFolder))
            .ToList();
        // Twice the same rows would count twice in every spreadsheet made of them.
        if (paths.GroupBy(path => path).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"--file: '{twice.Key}' is given twice");
        }
        var files = paths.ConvertAll(ModelFiles.FromPath);
        var (models, quants) = (Given(parsed, _models), Given(parsed, _quants));
        var named = parsed.GetValue(_manifest);
        if (files.Count > 0 && named is null && models.Count == 0 && quants.Count == 0)
        {
            return (files, null);
        }
        var manifest = ManifestSource
            .Read(named, terminal.WorkingFolder, ", or a model file with --file")
            .Complete;
        var locator = new FileLocator(manifest.Folder, HubEnvironment.OfThisProcess());
        var listed = manifest
            .Select(models, quants)
            .Select(entry => ModelFiles.FromManifest(entry, locator));
        return ([.. listed, .. files], new RunInfo.ManifestInfo(manifest.Path, manifest.Sha256));
    }

    private string? ReferenceOf(ParseResult parsed, IReadOnlyList<FileJob> jobs)
    {
        var named = parsed.GetValue(_reference);
        var present = jobs.Select(job => job.Facts.Quantization)
            .OfType<string>()
            .Distinct()
            .ToList();
        return named is null || present.Contains(named, StringComparer.OrdinalIgnoreCase)
            ? named
            : throw new UsageException(
                $"{_reference.Name}: no file of this run is '{named}'; there are: {string.Join(", ", present)}"
            );
    }

    private static IReadOnlyList<byte[]> SharedBy(IReadOnlyList<FileJob> jobs)
    {
        var paths = jobs.Where(job => job.Barred is null).Select(job => job.Facts.Path!).ToList();
        var words = SharedWords.Of(paths);
        return words.Count > 0 || paths.Count == 0
            ? words
            : throw new UsageException(
                "--items: the models of this run share no word that is one token in each of them, so common:N has none to draw"
            );
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
