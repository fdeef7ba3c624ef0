using CsvHelper;

namespace EchoRate.Reports.Csv;

/// <summary>One CSV file: the header, then row after row straight to the stream. UTF-8, RFC 4180, lines end with CRLF.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public sealed class CsvTableWriter<TRow> : IDisposable
{
    private readonly ColumnTable<TRow> _columns;
    private readonly CsvWriter _csv;
    private readonly CellWriter _cells;

    /// <summary>Writes the header. The stream is closed with the writer; every row is of the run <paramref name="runId"/>, and cells longer than <see cref="CsvProfile.MaxCellChars"/> are counted by column.</summary>
    public CsvTableWriter(
        Stream stream,
        CsvProfile profile,
        ColumnTable<TRow> columns,
        string runId = "",
        Dictionary<string, long>? longCells = null
    )
    {
        _columns = columns;
        var options = new CsvWriterOptions
        {
            Separator = profile.Separator,
            NewLine = "\r\n",
            WriteByteOrderMark = profile.ByteOrderMark,
            FormatProvider = profile.Numbers,
        };
        _csv = CsvWriter.Create(stream, options);
        _cells = new CellWriter(_csv, profile, runId, longCells ?? []);
        _csv.WriteHeader([.. columns.Names]);
    }

    /// <summary>Rows written so far, the header not counted.</summary>
    public long RowCount { get; private set; }

    /// <summary>Writes one row.</summary>
    public void Write(TRow row)
    {
        for (var index = 0; index < _columns.Count; index++)
        {
            _cells.Column = _columns[index].Name;
            _columns[index].Write(_cells, row);
        }
        _csv.EndRecord();
        RowCount++;
    }

    /// <summary>Hands everything written so far to the stream.</summary>
    public void Flush() => _csv.Flush();

    public void Dispose() => _csv.Dispose();
}
