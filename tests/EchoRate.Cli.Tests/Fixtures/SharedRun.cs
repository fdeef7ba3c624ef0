namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>One run that several tests read, made when the first of them asks. Nobody changes it.</summary>
public abstract class SharedRun : IDisposable
{
    private readonly Lazy<RunOnDisk> _run;

    protected SharedRun() => _run = new(Measure);

    private protected TemporaryFolder Folder { get; } = new();

    /// <summary>Prepares files, and answers the words of the command.</summary>
    private protected abstract string Prepare();

    internal RunOnDisk Run => _run.Value;

    internal Outcome Outcome => Run.Outcome;

    /// <summary>What it took, start to end.</summary>
    internal TimeSpan Took { get; private set; }

    /// <inheritdoc />
    public void Dispose()
    {
        Folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private RunOnDisk Measure()
    {
        var words = Prepare();
        var clock = Stopwatch.StartNew();
        var outcome = Echorate.Run(Folder.Path, words + " --threads 1 --csv data");
        Took = clock.Elapsed;
        Assert.True(outcome.ExitCode == 0, $"{outcome.ExitCode}: {outcome.Error}");
        return new RunOnDisk(Folder.At(words.Split("--out ")[1])) { Outcome = outcome };
    }
}

/// <summary><c>echorate demo</c>: what it printed, its run folder, and its models, which other tests borrow.</summary>
public sealed class DemoRun : SharedRun
{
    private protected override string Prepare() => "demo --out demo";

    /// <summary>A model of the demo; do not change the file.</summary>
    internal string Model(string name) => Path.Combine(Run.Path, "models", name + ".gguf");
}

/// <summary>Stories260K, a trained model, as its user would start it.</summary>
public sealed class TrainedRun : SharedRun
{
    private const string Name = "stories260K-f32.gguf";

    /// <summary>The model's file; skips the test where it is not here.</summary>
    internal static string Model()
    {
        Assert.SkipWhen(
            Repository.TestModel(Name) is null,
            $"{Name} is not here: put it in shared/models beside the repository, or set ECHORATE_TEST_MODELS to its folder"
        );
        return Repository.TestModel(Name)!;
    }

    private protected override string Prepare() => $"run --file {Model()} --out stories";
}

/// <summary>Two miniatures under the names of published models and one under none, with all three arms.</summary>
public sealed class MiniatureRun : SharedRun
{
    /// <summary>The words drawn for the arm <c>neutral</c>.</summary>
    public const int NeutralWords = 2;

    /// <summary>What is measured, by the name that it goes by.</summary>
    public static IReadOnlyDictionary<string, Miniature> Models { get; } =
        new Dictionary<string, Miniature>
        {
            ["gemma-7b"] = Miniatures.Gemma,
            ["gpt-oss-120b"] = Miniatures.GptOssF16,
            ["unpublished"] = Miniatures.Qwen3,
        };

    internal CsvRow Summary(string model, string arm, string set) =>
        Assert.Single(Run.Summary.Where($"model={model} arm={arm} set={set}"));

    private protected override string Prepare()
    {
        var manifest = "schema_version: 1\nmodels:\n";
        foreach (var (name, miniature) in Models)
        {
            miniature.Write(Folder.At(name + "-F16.gguf"));
            manifest +=
                $"  - name: {name}\n"
                + (name == "unpublished" ? "" : $"    published: {name}\n")
                + $"    files:\n      - {{ quant: F16, path: {name}-F16.gguf }}\n";
        }
        Folder.Write("m.yaml", manifest);
        return $"run --manifest m.yaml --items words --prompts published --arms without,with,neutral --neutral {NeutralWords} --out r";
    }
}

/// <summary>A ladder and a file that stands alone, with several batches of each: what a run that was disturbed must come out equal to.</summary>
public sealed class WholeRun : SharedRun
{
    private readonly DemoRun _demo;

    public WholeRun(DemoRun demo)
    {
        _demo = demo;
        // The words name it, and some tests take them without this run.
        Folder.Write("prompts.csv", "id,prompt,expected\n1, red, green\n2, red blue,\n");
    }

    /// <summary>The words, but for --out, threads and profile.</summary>
    internal string Words =>
        $"run --file {_demo.Model("demo-echo-F16")} --file {_demo.Model("demo-echo-Q8_0")} "
        + $"--file {_demo.Model("demo-plain-F16")} --items words,sample:60 --sequences 16 --prompts published,{Folder.At("prompts.csv")} "
        + "--arms without,with,neutral --neutral 1 --continue-tokens 4";

    private protected override string Prepare() => Words + " --out r";
}

/// <summary>The tests that share the one run.</summary>
[CollectionDefinition(nameof(WholeRun))]
public sealed class WholeRunShared : ICollectionFixture<WholeRun>;
