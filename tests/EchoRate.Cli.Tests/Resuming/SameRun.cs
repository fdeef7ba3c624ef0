namespace EchoRate.Cli.Tests.Resuming;

/// <summary>Two runs hold the same, to the last digit, where only times and memory may differ.</summary>
internal static class SameRun
{
    private static readonly string[] s_gauges =
    [
        "load_ms",
        "decode_ms",
        "rows_per_second",
        "peak_rss_bytes",
        "peak_device_bytes",
    ];

    /// <summary>All CSV files and journals of a run are those of the undisturbed one; <paramref name="others"/> may differ too.</summary>
    public static void Check(RunOnDisk expected, RunOnDisk actual, params string[] others)
    {
        foreach (var table in new[] { "files", "echo", "completion", "summary", "compare" })
        {
            var (one, other) = (expected.Csv(table), actual.Csv(table));
            Assert.Equal(one.Columns, other.Columns);
            Assert.NotEmpty(one.Rows);
            var columns = string.Join(' ', one.Columns.Except([.. s_gauges, .. others]));
            Assert.Equal(one.Tell(columns), other.Tell(columns));
        }
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
}
