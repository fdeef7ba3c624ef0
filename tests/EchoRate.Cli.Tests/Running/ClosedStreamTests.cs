namespace EchoRate.Cli.Tests.Running;

/// <summary>People close stderr, fill the disk that stdout goes to, and close the terminal of a job that they disowned.</summary>
public sealed class ClosedStreamTests(DemoRun demo) : ProgramTests
{
    // Where stdout takes no tables, the files are whole, and it is said.
    [Theory]
    [InlineData("2>/dev/full", null)]
    [InlineData("<&- 2>&-", null)]
    [InlineData(">/dev/full", "No space left on device")]
    // The numbers that are free here go to the two ends of a pipe of the runtime's.
    [InlineData("<&- >&-", "it is closed")]
    [InlineData("<&- >&- 2>&-", "")]
    public void A_run_whose_streams_are_of_no_use_leaves_whole_files(
        string redirections,
        string? why
    )
    {
        var outcome = Echorate.Redirected(
            Folder.Path,
            redirections,
            $"run --file {demo.Model("demo-echo-Q8_0")} --items words --prompts published --no-check --in-process --threads 1 --csv data --out r"
        );

        Assert.Equal(why is null ? 0 : 3, outcome.ExitCode);
        Assert.Equal(why is null, outcome.Out.Contains("Files:  "));
        Assert.Equal(
            string.IsNullOrEmpty(why)
                ? []
                : [$"CSV files: {Read.Path}", $"echorate: stdout cannot be written: {why}"],
            outcome.ErrorLines.TakeLast(2)
        );
        Assert.Equal(54, Read.Echo.Rows.Count);
        Assert.Equal(["ok"], Read.Files.Tell("status"));
        Assert.Equal(56, RunOnDisk.Rows(Assert.Single(Read.Journals)).Count());
        Assert.NotEqual("", Read.Info.Text("finished"));
    }

    [Fact]
    public void An_answer_that_cannot_be_given_is_said_and_is_code_3()
    {
        foreach (
            var (to, why) in new[]
            {
                ("&-", "it is closed"),
                ("/dev/full", "No space left on device"),
            }
        )
        {
            var outcome = Echorate.Redirected(Folder.Path, ">" + to, "backend list --json");

            Assert.Equal(
                (3, $"echorate: stdout cannot be written: {why}\n"),
                (outcome.ExitCode, outcome.Error)
            );
        }
    }
}
