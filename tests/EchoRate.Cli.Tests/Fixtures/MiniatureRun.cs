namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>
/// Two miniatures under the names of published models and one under none, with all three arms, each in its worker process as any user's
/// run. Measured when the first test asks.
/// </summary>
public sealed class MiniatureRun : IDisposable
{
    /// <summary>The words drawn for the arm <c>neutral</c>.</summary>
    public const int NeutralWords = 2;

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Outcome> _outcome;
    private RunOnDisk? _read;

    public MiniatureRun() => _outcome = new(Measure);

    /// <summary>What is measured, by the name that it goes by.</summary>
    public static IReadOnlyDictionary<string, Miniature> Models { get; } =
        new Dictionary<string, Miniature>
        {
            ["gemma-7b"] = Miniatures.Gemma,
            ["gpt-oss-120b"] = Miniatures.GptOssF16,
            ["unpublished"] = Miniatures.Qwen3,
        };

    internal string Out => Ended.Out;

    internal RunOnDisk Read
    {
        get
        {
            Assert.Equal(0, Ended.ExitCode);
            return _read ??= new RunOnDisk(_folder.At("r"));
        }
    }

    internal CsvRow Summary(string model, string arm, string set) =>
        Assert.Single(
            Read.Summary.Rows,
            row => row["model"] == model && row["arm"] == arm && row["set"] == set
        );

    private Outcome Ended
    {
        get
        {
            Assert.True(_outcome.Value.ExitCode == 0, _outcome.Value.Error);
            return _outcome.Value;
        }
    }

    private Outcome Measure()
    {
        foreach (var (name, miniature) in Models)
        {
            miniature.Write(_folder.At(name + "-F16.gguf"));
        }
        var entries = Models.Keys.Select(name =>
            $"  - name: {name}\n"
            + (name == "unpublished" ? "" : $"    published: {name}\n")
            + $"    files:\n      - {{ quant: F16, path: {name}-F16.gguf }}\n"
        );
        _folder.Write("m.yaml", "schema_version: 1\nmodels:\n" + string.Concat(entries));
        return Echorate.Run(
            _folder.Path,
            "run --manifest m.yaml --items words --prompts published --arms without,with,neutral "
                + $"--neutral {NeutralWords} --threads 1 --csv data --out r"
        );
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
