namespace EchoRate.Cli.Tests.Resuming;

/// <summary>Two runs hold the same, to the last digit, where only times and memory may differ.</summary>
internal static class SameRun
{
    private static readonly string[] s_measuredTime =
    [
        "load_ms",
        "decode_ms",
        "rows_per_second",
        "peak_rss_bytes",
        "peak_device_bytes",
    ];

    /// <summary>All CSV files and journals of a run are those of the undisturbed one.</summary>
    public static void Check(RunOnDisk expected, RunOnDisk actual)
    {
        Check("files", expected.Files, actual.Files);
        Check("echo", expected.Echo, actual.Echo);
        Check("completion", expected.Completion, actual.Completion);
        Check("summary", expected.Summary, actual.Summary);
        Check("compare", expected.Compare, actual.Compare);
        // Killed after its last word, a run leaves its lock's file, which holds nothing.
        Assert.Equal(expected.Names, actual.Names.Except(["run.lock"]));
        foreach (var (one, other) in expected.Journals.Zip(actual.Journals))
        {
            Assert.Equal(Rows(one), Rows(other));
        }
    }

    /// <summary>The rows of a journal as text, none missing and none twice.</summary>
    public static IReadOnlyList<string> Rows(string journal)
    {
        var rows = RunOnDisk.Rows(journal).ToList();
        Assert.Equal(
            Enumerable.Range(0, rows.Count),
            rows.Select(row => row.GetProperty("place").GetInt32())
        );
        return [.. rows.Select(row => JsonSerializer.Serialize(row))];
    }

    private static void Check(string table, CsvFile expected, CsvFile actual)
    {
        Assert.Equal(expected.Columns, actual.Columns);
        Assert.Equal(expected.Rows.Count, actual.Rows.Count);
        Assert.NotEmpty(expected.Rows);
        foreach (var (index, (one, other)) in expected.Rows.Zip(actual.Rows).Index())
        {
            foreach (var column in expected.Columns.Except(s_measuredTime))
            {
                Assert.True(
                    one[column] == other[column],
                    $"{table}.csv, row {index}, {column}: '{other[column]}', expected '{one[column]}'"
                );
            }
        }
    }
}
