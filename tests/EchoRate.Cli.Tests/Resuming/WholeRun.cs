namespace EchoRate.Cli.Tests.Resuming;

/// <summary>
/// One run that nothing disturbed, of a ladder and a file that stands alone, with several batches of each: what others must come out equal
/// to. Run when the first test asks.
/// </summary>
public sealed class WholeRun : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Lazy<(Outcome Outcome, TimeSpan Took)> _outcome;
    private readonly DemoRun _demo;

    public WholeRun(DemoRun demo)
    {
        _demo = demo;
        // The arguments name it, and some tests take them without this run.
        _folder.Write("prompts.csv", "id,prompt,expected\n1, red, green\n2, red blue,\n");
        _outcome = new(() =>
        {
            var began = TimeProvider.System.GetTimestamp();
            var outcome = Echorate.Run(_folder.Path, [.. Arguments, "--out", "run"]);
            return (outcome, TimeProvider.System.GetElapsedTime(began));
        });
    }

    /// <summary>The command line, but for --out.</summary>
    internal string[] Arguments =>
        [
            .. (
                $"run --file {_demo.Model("demo-echo-F16")} --file {_demo.Model("demo-echo-Q8_0")} "
                + $"--file {_demo.Model("demo-plain-F16")} --items words,sample:290 "
                + "--prompts"
            ).Split(' '),
            $"published,{_folder.At("prompts.csv")}",
            .. "--arms without,with,neutral --neutral 1 --continue-tokens 4 --threads 1 --csv data".Split(
                ' '
            ),
        ];

    /// <summary>What it took, start to end.</summary>
    internal TimeSpan Took => _outcome.Value.Took;

    /// <summary>Its folder; do not change it.</summary>
    internal RunOnDisk Run
    {
        get
        {
            Assert.True(_outcome.Value.Outcome.ExitCode == 0, _outcome.Value.Outcome.Error);
            return new RunOnDisk(_folder.At("run"));
        }
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}

/// <summary>The tests that share the one run.</summary>
[CollectionDefinition(nameof(WholeRun))]
public sealed class WholeRunShared : ICollectionFixture<WholeRun>;
