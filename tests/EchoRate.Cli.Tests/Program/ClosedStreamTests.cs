namespace EchoRate.Cli.Tests.Program;

/// <summary>People close stderr, fill the disk that stdout goes to, and close the terminal of a job that they disowned.</summary>
public sealed class ClosedStreamTests(DemoRun demo) : IDisposable
{
    private const string Full = "/dev/full";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("2>/dev/full")]
    [InlineData("<&- 2>&-")]
    public void A_run_whose_stderr_is_of_no_use_ends_as_any_other(string redirections)
    {
        var outcome = Run(redirections);

        Assert.Equal((0, ""), (outcome.ExitCode, outcome.Error));
        Assert.Contains("Files:  ", outcome.Out);
        AssertWhole();
    }

    [Theory]
    [InlineData(">/dev/full", "No space left on device")]
    // The numbers that are free here go to the two ends of a pipe of the runtime's.
    [InlineData("<&- >&-", "it is closed")]
    public void A_run_whose_stdout_takes_no_tables_leaves_whole_files_and_says_so(
        string redirections,
        string why
    )
    {
        var outcome = Run(redirections);

        Assert.Equal((3, ""), (outcome.ExitCode, outcome.Out));
        Assert.Equal(
            [$"CSV files: {_folder.At("r")}", $"echorate: stdout cannot be written: {why}"],
            outcome.ErrorLines.TakeLast(2)
        );
        AssertWhole();
    }

    [Fact]
    public void A_run_without_any_stream_writes_nothing_into_its_files_but_what_belongs_there()
    {
        Assert.Equal(3, Run("<&- >&- 2>&-").ExitCode);
        AssertWhole();
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("backend list --json")]
    public void An_answer_that_cannot_be_given_is_said_and_is_code_3(string words)
    {
        foreach (
            var (to, why) in new[] { ("&-", "it is closed"), (Full, "No space left on device") }
        )
        {
            var outcome = Echorate.Redirected(_folder.Path, ">" + to, words);

            Assert.Equal(
                (3, $"echorate: stdout cannot be written: {why}\n"),
                (outcome.ExitCode, outcome.Error)
            );
        }
    }

    public void Dispose() => _folder.Dispose();

    private Outcome Run(string redirections) =>
        Echorate.Redirected(
            _folder.Path,
            redirections,
            $"run --file {demo.Model("demo-echo-Q8_0")} --items words --prompts published --threads 1 --csv data --out r"
        );

    private void AssertWhole()
    {
        var run = new RunOnDisk(_folder.At("r"));
        Assert.Equal(54, run.Echo.Rows.Count);
        Assert.Equal("ok", Assert.Single(run.Files.Rows)["status"]);
        Assert.Equal(56, RunOnDisk.Rows(Assert.Single(run.Journals)).Count());
        Assert.Contains("\"finished\"", File.ReadAllText(_folder.At("r", "run.json")));
    }
}
