namespace EchoRate.Reports.Csv;

/// <summary>CSV files of one folder that appear together: all are on disk before any has its name, so that a full disk leaves none of them.</summary>
/// <param name="folder">The folder.</param>
/// <param name="profile">How CSV is written.</param>
/// <param name="runId">The run's name.</param>
public sealed class CsvFolder(string folder, CsvProfile profile, string runId) : IDisposable
{
    private readonly List<ICsvFileSet> _tables = [];

    /// <summary>Cells that are longer than their reader keeps, of finished files.</summary>
    public IReadOnlyList<LongCells> LongCells => [.. _tables.SelectMany(table => table.LongCells)];

    /// <summary>Begins a table; the folder closes it.</summary>
    public CsvFileSet<TRow> Begin<TRow>(ColumnTable<TRow> columns)
    {
        var table = new CsvFileSet<TRow>(folder, profile, columns, runId);
        _tables.Add(table);
        return table;
    }

    /// <summary>Writes all rows of a table.</summary>
    public void Write<TRow>(ColumnTable<TRow> columns, IEnumerable<TRow> rows) =>
        Begin(columns).WriteAll(rows);

    /// <summary>Closes all tables and gives them their names.</summary>
    public void Complete()
    {
        _tables.ForEach(table => table.Finish());
        _tables.ForEach(table => table.Complete());
    }

    /// <summary>Closes the tables; what was not completed is removed.</summary>
    public void Dispose() => _tables.ForEach(table => table.Dispose());
}

/// <summary>A table of a <see cref="CsvFolder"/>.</summary>
internal interface ICsvFileSet : IDisposable
{
    IEnumerable<LongCells> LongCells { get; }

    void Finish();

    IReadOnlyList<string> Complete();
}
