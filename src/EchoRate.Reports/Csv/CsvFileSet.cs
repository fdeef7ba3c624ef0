using System.Text.RegularExpressions;
using CsvHelper;

namespace EchoRate.Reports.Csv;

/// <summary>
/// One table as the files that a folder holds of it: <c>echo.csv</c>, or <c>echo-001.csv</c>, <c>echo-002.csv</c> … where one sheet cannot hold
/// it. Which it will be is known only after the last row, so the rows go to temporary files, which <see cref="Rename"/> renames;
/// without it nothing in the folder has changed. UTF-8, RFC 4180, lines end with CRLF.
/// </summary>
internal sealed class CsvFileSet : IDisposable
{
    private readonly string _folder;
    private readonly CsvProfile _profile;
    private readonly string _table;
    private readonly string[] _columns;
    private readonly string _runId;
    private readonly List<string> _parts = [];
    private readonly Dictionary<string, long> _longCells = [];
    private CsvWriter? _csv;
    private CellWriter _cells = null!;
    private long _rows;

    /// <summary>Begins the first file. The table's name is the file's, <c>echo</c> for <c>echo.csv</c>.</summary>
    public CsvFileSet(
        string folder,
        CsvProfile profile,
        string table,
        string[] columns,
        string runId
    )
    {
        (_folder, _profile, _table, _columns, _runId) = (folder, profile, table, columns, runId);
        Open();
    }

    public IEnumerable<LongCells> LongCells =>
        _longCells.Select(column => new LongCells(_table, column.Key, column.Value));

    /// <summary>Writes one row, in a new file where the last one is full.</summary>
    public void Write<TRow>(ColumnTable<TRow> columns, TRow row)
    {
        if (_rows == _profile.MaxRows)
        {
            Close();
            Open();
        }
        for (var index = 0; index < columns.Count; index++)
        {
            _cells.Column = columns[index].Name;
            columns[index].Write(_cells, row);
        }
        _csv!.EndRecord();
        _rows++;
    }

    /// <summary>Closes the last file: everything is on disk, under its temporary name.</summary>
    public void Close()
    {
        var closing = _csv;
        _csv = null;
        closing?.Dispose();
    }

    /// <summary>Gives all files their names and removes older files of the table.</summary>
    public void Rename()
    {
        List<string> paths =
            _parts.Count == 1
                ? [Path.Combine(_folder, $"{_table}.csv")]
                : _parts.ConvertAll(part => Path.ChangeExtension(part, null));
        foreach (var (part, path) in _parts.Zip(paths))
        {
            File.Move(part, path, overwrite: true);
        }
        var own = new Regex($@"^{Regex.Escape(_table)}(-\d{{3,}})?\.csv(\.partial)?$");
        foreach (var path in Directory.GetFiles(_folder).Except(paths))
        {
            if (own.IsMatch(Path.GetFileName(path)))
            {
                File.Delete(path);
            }
        }
    }

    /// <summary>Closes the files; what has no name yet is removed.</summary>
    public void Dispose()
    {
        try
        {
            Close();
        }
        catch (IOException)
        {
            // A full disk has been reported where it was met; what is left of the file goes.
        }
        finally
        {
            _parts.ForEach(File.Delete);
        }
    }

    private void Open()
    {
        var path = Path.Combine(_folder, $"{_table}-{_parts.Count + 1:D3}.csv.partial");
        var options = new CsvWriterOptions
        {
            Separator = _profile.Separator,
            NewLine = "\r\n",
            WriteByteOrderMark = _profile.ByteOrderMark,
            FormatProvider = _profile.Numbers,
        };
        _parts.Add(path);
        _csv = CsvWriter.Create(File.Create(path), options);
        _cells = new CellWriter(_csv, _profile, _runId, _longCells);
        _csv.WriteHeader(_columns);
        _rows = 0;
    }
}
