using System.Text.RegularExpressions;

namespace EchoRate.Reports.Csv;

/// <summary>
/// One table as the files that a folder holds of it: <c>echo.csv</c>, or <c>echo-001.csv</c>, <c>echo-002.csv</c> … where one sheet cannot hold
/// it. Which it will be is known only after the last row, so the rows go to temporary files, which <see cref="Complete"/> renames;
/// without it nothing in the folder has changed. Files of an earlier rendering of the table are replaced, or removed.
/// </summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public sealed class CsvFileSet<TRow> : ICsvFileSet
{
    private readonly string _folder;
    private readonly CsvProfile _profile;
    private readonly ColumnTable<TRow> _columns;
    private readonly string _runId;
    private readonly List<string> _parts = [];
    private CsvTableWriter<TRow>? _writer;
    private bool _isFinished;
    private bool _isCompleted;

    /// <summary>Begins the first file. The table's name is the file's, <c>echo</c> for <c>echo.csv</c>.</summary>
    public CsvFileSet(
        string folder,
        CsvProfile profile,
        ColumnTable<TRow> columns,
        string runId = ""
    )
    {
        (_folder, _profile, _columns, _runId) = (folder, profile, columns, runId);
        Directory.CreateDirectory(folder);
        _writer = NextPart();
    }

    private string Table => _columns.Name;

    private readonly Dictionary<string, long> _longCells = [];

    /// <summary>Cells of the finished files that are longer than their reader keeps, by column.</summary>
    public IEnumerable<LongCells> LongCells =>
        _longCells.Select(column => new LongCells(Table, column.Key, column.Value));

    /// <summary>Writes one row, in a new file where the last one is full.</summary>
    public void Write(TRow row)
    {
        ObjectDisposedException.ThrowIf(_writer is null, this);
        if (_writer.RowCount == _profile.MaxRows)
        {
            ClosePart();
            _writer = NextPart();
        }
        _writer.Write(row);
    }

    /// <summary>Writes rows as they come, none of them held.</summary>
    public void WriteAll(IEnumerable<TRow> rows)
    {
        foreach (var row in rows)
        {
            Write(row);
        }
    }

    /// <summary>
    /// Closes the last file: everything is on disk, under its temporary name. Several tables that belong together are all closed before the
    /// first is completed, so that a full disk leaves none of them.
    /// </summary>
    public void Finish()
    {
        ObjectDisposedException.ThrowIf(_isCompleted, this);
        ClosePart();
        _isFinished = true;
    }

    /// <summary>Closes the last file, gives all files their names and removes older files of the table. Returns the paths in order.</summary>
    public IReadOnlyList<string> Complete()
    {
        if (!_isFinished)
        {
            Finish();
        }
        var paths = _parts.Select((_, index) => Path.Combine(_folder, FinalName(index))).ToList();
        for (var index = 0; index < _parts.Count; index++)
        {
            File.Move(_parts[index], paths[index], overwrite: true);
        }
        _isCompleted = true;
        RemoveOlder(paths);
        return paths;
    }

    /// <summary>Closes the files; what was not completed is removed.</summary>
    public void Dispose()
    {
        try
        {
            ClosePart();
        }
        catch (IOException) when (!_isCompleted)
        {
            // A full disk has been reported where it was met; what is left of the file goes.
        }
        finally
        {
            if (!_isCompleted)
            {
                _parts.ForEach(File.Delete);
                _isCompleted = true;
            }
        }
    }

    private CsvTableWriter<TRow> NextPart()
    {
        var name = $"{Table}-{_parts.Count + 1:D3}.csv.partial";
        var path = Path.Combine(_folder, name);
        _parts.Add(path);
        return new CsvTableWriter<TRow>(File.Create(path), _profile, _columns, _runId, _longCells);
    }

    private void ClosePart()
    {
        var closing = _writer;
        _writer = null;
        closing?.Dispose();
    }

    private string FinalName(int index) =>
        _parts.Count == 1 ? $"{Table}.csv" : $"{Table}-{index + 1:D3}.csv";

    private void RemoveOlder(List<string> current)
    {
        var names = current.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var own = new Regex($@"^{Regex.Escape(Table)}(-\d{{3,}})?\.csv(\.partial)?$");
        foreach (var path in Directory.GetFiles(_folder))
        {
            var name = Path.GetFileName(path);
            if (own.IsMatch(name) && !names.Contains(name))
            {
                File.Delete(path);
            }
        }
    }
}
