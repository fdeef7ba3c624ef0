namespace EchoRate.Cli.Tests.Demo;

/// <summary>
/// What the demo's F16 file of demo-echo gives, read by a person before it was accepted: header, token ids and text to the letter,
/// numbers that come out of logits within what processors differ in. On a difference the new file lies under <c>received/</c> beside
/// the test program; <c>scripts/accept-golden</c> accepts it.
/// </summary>
public sealed class GoldenTests(DemoRun demo)
{
    // Nat. Processors with F16 arithmetic differ by up to 0.01 in a logit.
    private const double LogitTolerance = 0.02;

    // Behind a logit that moves by 0.02, words in the dense middle of the vocabulary overtake each other.
    private const double RankTolerance = 50;

    private static readonly string[] s_scrubbed =
    [
        "run_id",
        "file_id",
        "engine_version",
        "device",
        "rows_per_second",
        // How far the library of this processor is from exact arithmetic.
        "checked_top1_changed",
        "checked_delta_median_nat",
        "checked_delta_p95_nat",
    ];

    [Fact]
    public void Echo_csv() => Verify("echo", demo.Run.Echo, _ => true);

    [Fact]
    public void Completion_csv() =>
        Verify(
            "completion",
            demo.Run.Completion,
            row => row["prompt_set"] == "published" || row["prompt_id"].StartsWith("James-M")
        );

    [Fact]
    public void Summary_csv() => Verify("summary", demo.Run.Summary, _ => true);

    private static void Verify(string table, CsvFile file, Predicate<CsvRow> isKept)
    {
        var rows = file
            .Rows.Where(row => row["model"] == "demo-echo" && row["quant"] == "F16" && isKept(row))
            .Select(row =>
                file.Columns.Select(column =>
                        s_scrubbed.Contains(column) ? $"({column})" : row[column]
                    )
                    .ToArray()
            )
            .ToList();
        var name = $"{table}.verified.csv";
        var received = Path.Combine(AppContext.BaseDirectory, "received", name);
        Write(received, [file.Columns, .. rows]);
        var verified = Path.Combine(Repository.Root, "tests", "EchoRate.Cli.Tests", "Golden", name);
        Assert.True(File.Exists(verified), $"{name} is not there; scripts/accept-golden makes it");

        var expected = CsvFile.Read(verified);
        Assert.Equal(expected.Columns, file.Columns);
        Assert.Equal(expected.Rows.Count, rows.Count);
        foreach (var (want, have) in expected.Rows.Zip(rows))
        {
            foreach (var (column, cell) in file.Columns.Zip(have))
            {
                Assert.True(
                    IsSame(column, want[column], cell),
                    $"{table}.csv: {column} is {cell}, verified is {want[column]}, in {string.Join(',', have)}"
                );
            }
        }
        File.Delete(received);
    }

    private static bool IsSame(string column, string want, string have)
    {
        var tolerance =
            column.EndsWith("_nat") ? LogitTolerance
            : column.EndsWith("_rank") && want != "1" ? RankTolerance
            : 0;
        return want == have
            || tolerance > 0
                && want.Length > 0
                && have.Length > 0
                && Math.Abs(double.Parse(want) - double.Parse(have)) <= tolerance;
    }

    private static void Write(string path, IEnumerable<string[]> lines)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var text = new StringBuilder();
        foreach (var line in lines)
        {
            text.AppendJoin(
                    ',',
                    line.Select(cell =>
                        cell.AsSpan().ContainsAny(",\"\r\n")
                            ? $"\"{cell.Replace("\"", "\"\"")}\""
                            : cell
                    )
                )
                .Append("\r\n");
        }
        File.WriteAllText(path, text.ToString());
    }
}
