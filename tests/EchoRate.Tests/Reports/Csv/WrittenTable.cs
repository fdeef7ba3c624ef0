using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>A table as the bytes of its file.</summary>
internal static class WrittenTable
{
    public static byte[] Bytes<TRow>(
        this ColumnTable<TRow> columns,
        CsvProfile profile,
        IEnumerable<TRow> rows,
        string runId = ""
    )
    {
        var stream = new MemoryStream();
        using (var writer = new CsvTableWriter<TRow>(stream, profile, columns, runId))
        {
            rows.ToList().ForEach(writer.Write);
        }
        return stream.ToArray();
    }
}
