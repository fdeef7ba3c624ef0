using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>A table as files.</summary>
internal static class WrittenTable
{
    public static byte[] Bytes<TRow>(
        this ColumnTable<TRow> columns,
        CsvProfile profile,
        IEnumerable<TRow> rows,
        string runId = ""
    )
    {
        using var folder = new TemporaryFolder();
        columns.Write(folder.Path, profile, rows, runId);
        return File.ReadAllBytes(folder.At($"{columns.Name}.csv"));
    }

    public static void Write<TRow>(
        this ColumnTable<TRow> columns,
        string folder,
        CsvProfile profile,
        IEnumerable<TRow> rows,
        string runId = ""
    )
    {
        using var csv = new CsvFolder(folder, profile, runId);
        csv.Write(columns, rows);
        csv.Complete();
    }
}
