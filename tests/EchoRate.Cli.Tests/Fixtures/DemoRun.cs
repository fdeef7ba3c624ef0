namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>
/// One <c>echorate demo</c> for all tests of this assembly: what it printed, its run folder, and its models, which other tests borrow.
/// Run when the first test asks.
/// </summary>
public sealed class DemoRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<Outcome> _outcome;
    private readonly Lazy<RunOnDisk> _run;

    public DemoRun()
    {
        _outcome = new(() => Echorate.Run(_folder.Path, "demo --threads 1 --out demo --csv data"));
        _run = new(() =>
        {
            Assert.True(
                _outcome.Value.ExitCode == 0,
                $"demo: exit code {_outcome.Value.ExitCode}: {_outcome.Value.Error}"
            );
            return new RunOnDisk(_folder.At("demo"));
        });
    }

    internal Outcome Outcome => _outcome.Value;

    internal RunOnDisk Run => _run.Value;

    /// <summary>A model of the demo; do not change the file.</summary>
    internal string Model(string name) => Path.Combine(Run.Path, "models", name + ".gguf");

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}
