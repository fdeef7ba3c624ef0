namespace EchoRate.Cli.Tests.Workers;

/// <summary>A run of two files that takes minutes for each, so that something can happen to it in the middle.</summary>
internal sealed class LongRun : IDisposable
{
    /// <summary>Prompts, each measured without and with BOS.</summary>
    public const int Prompts = 1_500;

    /// <summary>Rows of a file: the 27 words and the prompts, under both arms.</summary>
    public const int Rows = 2 * (27 + Prompts);

    private readonly TemporaryFolder _folder = new();

    /// <summary>Prepares it.</summary>
    /// <param name="first">The first file, copied, for the test to do with as it likes.</param>
    /// <param name="second">The second.</param>
    public LongRun(string first, string second)
    {
        First = _folder.At("first-F16.gguf");
        File.Copy(first, First);
        Second = second;
        var prompts = new StringBuilder("id,prompt,expected\n");
        for (var i = 0; i < Prompts; i++)
        {
            prompts.Append(i).Append(",The red apple and the blue sky, Mary\n");
        }
        _folder.Write("p.csv", prompts.ToString());
    }

    /// <summary>The first file.</summary>
    public string First { get; }

    /// <summary>The second file.</summary>
    public string Second { get; }

    /// <summary>The run's folder.</summary>
    public string Folder => _folder.At("r");

    /// <summary>The run, read back.</summary>
    public RunOnDisk Run => new(Folder);

    /// <summary>Starts it.</summary>
    public RunningProgram Start(params string[] more) =>
        Echorate.Start(
            _folder.Path,
            [],
            [
                .. (
                    $"run --file {First} --file {Second} --items words --prompts p.csv "
                    + "--continue-tokens 100 --threads 1 --csv data --out r"
                ).Split(' '),
                .. more,
            ]
        );

    /// <summary>Waits until rows of prompts are in a file's journal: it is then larger than what the words take.</summary>
    /// <param name="program">The run.</param>
    /// <param name="file">The file, from 1.</param>
    public void WaitForRows(RunningProgram program, int file = 1) =>
        program.WaitFor(() =>
            Directory.Exists(_folder.At("r", "rows"))
            && Directory
                .EnumerateFiles(_folder.At("r", "rows"), $"{file:D3}-*")
                .Any(journal => new FileInfo(journal).Length > 80_000)
        );

    /// <summary>Every item and prompt of the first file has its row, the last ones failed for this reason.</summary>
    public void AssertRestFailed(string reason)
    {
        var file = Run.Files.Rows[0];
        Assert.Equal("ok", file["status"]);
        Assert.Contains($" of {Rows} rows failed: {reason}", file["reason"]);
        List<CsvRow> rows =
        [
            .. Run.Echo.Rows.Where(row => row["model"] == "first"),
            .. Run.Completion.Rows.Where(row => row["model"] == "first"),
        ];
        Assert.Equal(Rows, rows.Count);
        var measured = rows.TakeWhile(row => row["status"] == "ok").Count();
        Assert.InRange(measured, 0, Rows - 1);
        Assert.All(
            rows.Skip(measured),
            row =>
            {
                Assert.Equal("failed", row["status"]);
                Assert.StartsWith(reason, row["reason"]);
                Assert.NotEqual("", row["prompt"]);
                Assert.NotEqual("", row["input_ids"]);
                Assert.Equal("", row["next_id"]);
            }
        );
    }

    /// <summary>The second file was begun after the first one's end.</summary>
    public void AssertSecondBegun()
    {
        Assert.Equal("ok", Run.Files.Rows[1]["status"]);
        Assert.Contains(
            Run.Completion.Rows,
            row => row["model"] != "first" && row["status"] == "ok"
        );
    }

    /// <inheritdoc />
    public void Dispose() => _folder.Dispose();
}

/// <summary>Tests with a clock: they run when no others do.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
