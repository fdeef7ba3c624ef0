namespace EchoRate.Reports.Csv;

/// <summary>CSV files of one folder that appear together: all are on disk before any has its name, so that a full disk leaves none of them.</summary>
/// <param name="folder">The folder.</param>
/// <param name="profile">How CSV is written.</param>
/// <param name="runId">The run's name.</param>
public sealed class CsvFolder(string folder, CsvProfile profile, string runId = "") : IDisposable
{
    private readonly List<CsvFileSet> _tables = [];

    /// <summary>Cells that are longer than their reader keeps.</summary>
    public IReadOnlyList<LongCells> LongCells => [.. _tables.SelectMany(table => table.LongCells)];

    /// <summary>Begins a table, which is there even without a row.</summary>
    /// <returns>Writes one row.</returns>
    public Action<TRow> Begin<TRow>(ColumnTable<TRow> columns)
    {
        var table = new CsvFileSet(folder, profile, columns.Name, [.. columns.Names], runId);
        _tables.Add(table);
        return row => table.Write(columns, row);
    }

    /// <summary>Writes all rows of a table as they come, none of them held.</summary>
    public void Write<TRow>(ColumnTable<TRow> columns, IEnumerable<TRow> rows)
    {
        var write = Begin(columns);
        foreach (var row in rows)
        {
            write(row);
        }
    }

    /// <summary>Closes all tables, then gives them their names and removes older files of each.</summary>
    public void Complete()
    {
        _tables.ForEach(table => table.Close());
        _tables.ForEach(table => table.Rename());
    }

    /// <summary>Closes the tables; what was not completed is removed.</summary>
    public void Dispose() => _tables.ForEach(table => table.Dispose());
}
