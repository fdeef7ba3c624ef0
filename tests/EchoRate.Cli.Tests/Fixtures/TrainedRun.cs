namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>One <c>echorate run --file</c> on stories260K, a trained model, as its user would start it. Run when the first test asks.</summary>
public sealed class TrainedRun : IDisposable
{
    private const string Name = "stories260K-f32.gguf";

    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Outcome> _outcome;

    public TrainedRun() =>
        _outcome = new(() =>
            Echorate.Run(
                _folder.Path,
                $"run --file {Repository.TestModel(Name)!} --threads 1 --out stories "
                    + "--csv data"
            )
        );

    /// <summary>The model's file; skips the test where it is not here.</summary>
    internal static string Model()
    {
        Assert.SkipWhen(
            Repository.TestModel(Name) is null,
            $"{Name} is not here: put it in shared/models beside the repository, or set ECHORATE_TEST_MODELS to its folder"
        );
        return Repository.TestModel(Name)!;
    }

    internal Outcome Outcome
    {
        get
        {
            Model();
            return _outcome.Value;
        }
    }

    internal RunOnDisk Run
    {
        get
        {
            Assert.Equal(0, Outcome.ExitCode);
            return new RunOnDisk(_folder.At("stories"));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
