namespace EchoRate.Cli.Tests.Workers;

/// <summary>A process for each file gives what one process gives, to the last bit; references and all.</summary>
public sealed class IsolationTests(DemoRun demo) : IDisposable
{
    // What a clock or a memory gauge says.
    private static readonly string[] Gauges =
    [
        "run_id",
        "load_ms",
        "decode_ms",
        "rows_per_second",
        "peak_rss_bytes",
    ];

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void Demo_files_give_the_same_rows_in_one_process_and_in_many() =>
        AssertSame(
            demo.Model("demo-echo-F16"),
            demo.Model("demo-echo-Q4_K_M"),
            demo.Model("demo-plain-Q3_K_M")
        );

    [Fact]
    public void A_limit_of_time_without_a_process_to_end_is_refused()
    {
        var outcome = Echorate.Run(
            _folder.Path,
            $"run --file {demo.Model("demo-echo-F16")} --timeout 5 " + "--in-process"
        );

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            "echorate: --timeout: a file can be ended only where it has a process of its own; leave out --in-process",
            Assert.Single(outcome.ErrorLines)
        );
    }

    [Fact]
    public void The_worker_command_is_not_for_people()
    {
        Assert.DoesNotContain("worker", Echorate.Run(_folder.Path, "--help").Out);

        var outcome = Echorate.Run(_folder.Path, "worker");

        Assert.Equal(2, outcome.ExitCode);
        Assert.Equal(
            "echorate: worker: takes JOB [JOURNAL]; it is started by echorate run for each model file",
            Assert.Single(outcome.ErrorLines)
        );
    }

    public void Dispose() => _folder.Dispose();

    private void AssertSame(params string[] files)
    {
        Run("many", files);
        Run("one", [.. files, "--in-process"]);

        var (many, one) = (new RunOnDisk(_folder.At("many")), new RunOnDisk(_folder.At("one")));
        Assert.NotEmpty(many.Compare.Rows);
        Assert.Contains(many.Echo.Rows, row => row.Number("kld_nat") > 0);
        foreach (var (inMany, inOne) in Tables(many).Zip(Tables(one)))
        {
            Assert.Equal(inOne.Columns, inMany.Columns);
            Assert.Equal(inOne.Rows.Select(WithoutGauges), inMany.Rows.Select(WithoutGauges));
        }
        Assert.Equal(one.Journals.SelectMany(RowLines), many.Journals.SelectMany(RowLines));
        // The references' logits are gone with the run.
        Assert.Empty(Directory.EnumerateFiles(_folder.At("many"), "reference*"));
        Assert.Empty(Directory.EnumerateFiles(_folder.At("one"), "reference*"));
    }

    private static CsvFile[] Tables(RunOnDisk run) =>
        [run.Files, run.Echo, run.Completion, run.Summary, run.Compare];

    private static IEnumerable<string> RowLines(string journal) =>
        File.ReadLines(journal).Where(line => !line.StartsWith("{\"file\":"));

    private static string WithoutGauges(CsvRow row) =>
        string.Join(
            ';',
            row.Cells.Where(cell => !Gauges.Contains(cell.Key))
                .Select(cell => $"{cell.Key}={cell.Value}")
        );

    private void Run(string name, string[] arguments)
    {
        var outcome = Echorate.Run(
            _folder.Path,
            [
                "run",
                .. arguments.SelectMany(argument =>
                    argument.StartsWith("--") ? [argument] : new[] { "--file", argument }
                ),
                .. (
                    "--items words,sample:20 --prompts published --arms without,with,neutral "
                    + $"--threads 1 --csv data --out {name}"
                ).Split(' '),
            ]
        );
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }
}
