using System.Globalization;
using System.Text.RegularExpressions;

namespace EchoRate.Reports.Csv;

/// <summary>
/// One table as the files that a folder holds of it: <c>echo.csv</c>, or <c>echo-001.csv</c>, <c>echo-002.csv</c> … where one sheet cannot hold
/// it. Which it will be is known only after the last row, so the rows go to temporary files, which <see cref="Complete"/> renames;
/// without it nothing in the folder has changed. Files of an earlier rendering of the table are replaced, or removed.
/// </summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public sealed class CsvFileSet<TRow> : IDisposable
{
    private readonly string folder;
    private readonly string table;
    private readonly CsvProfile profile;
    private readonly ColumnTable<TRow> columns;
    private readonly List<string> parts = [];
    private CsvTableWriter<TRow>? writer;
    private long longCells;
    private bool finished;
    private bool completed;

    /// <summary>Begins the first file. The table's name is the file's, <c>echo</c> for <c>echo.csv</c>.</summary>
    public CsvFileSet(string folder, string table, CsvProfile profile, ColumnTable<TRow> columns)
    {
        this.folder = folder;
        this.table = table;
        this.profile = profile;
        this.columns = columns;
        Directory.CreateDirectory(folder);
        writer = NextPart();
    }

    /// <summary>Rows written so far, over all files.</summary>
    public long RowCount { get; private set; }

    /// <summary>How many cells hold more text than Excel shows.</summary>
    public long LongCells => longCells + (writer?.LongCells ?? 0);

    /// <summary>Writes one row, in a new file where the last one is full.</summary>
    public void Write(TRow row)
    {
        ObjectDisposedException.ThrowIf(writer is null, this);
        if (writer.RowCount == profile.MaxRows)
        {
            ClosePart();
            writer = NextPart();
        }
        writer.Write(row);
        RowCount++;
    }

    /// <summary>Writes rows as they come, none of them held.</summary>
    public void WriteAll(IEnumerable<TRow> rows)
    {
        foreach (var row in rows)
        {
            Write(row);
        }
    }

    /// <summary>Writes rows as they come, none of them held.</summary>
    public async Task WriteAllAsync(
        IAsyncEnumerable<TRow> rows,
        CancellationToken cancellation = default
    )
    {
        await foreach (var row in rows.WithCancellation(cancellation).ConfigureAwait(false))
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
        ObjectDisposedException.ThrowIf(completed, this);
        ClosePart();
        finished = true;
    }

    /// <summary>Closes the last file, gives all files their names and removes older files of the table. Returns the paths in order.</summary>
    public IReadOnlyList<string> Complete()
    {
        if (!finished)
        {
            Finish();
        }
        var paths = parts.Select((_, index) => Path.Combine(folder, FinalName(index))).ToList();
        for (var index = 0; index < parts.Count; index++)
        {
            File.Move(parts[index], paths[index], overwrite: true);
        }
        completed = true;
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
        catch (IOException) when (!completed)
        {
            // A full disk has been reported where it was met; what is left of the file goes.
        }
        finally
        {
            if (!completed)
            {
                parts.ForEach(File.Delete);
                completed = true;
            }
        }
    }

    private CsvTableWriter<TRow> NextPart()
    {
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{table}-{parts.Count + 1:D3}.csv.partial"
        );
        var path = Path.Combine(folder, name);
        parts.Add(path);
        return new CsvTableWriter<TRow>(File.Create(path), profile, columns);
    }

    private void ClosePart()
    {
        longCells += writer?.LongCells ?? 0;
        var closing = writer;
        writer = null;
        closing?.Dispose();
    }

    private string FinalName(int index) =>
        parts.Count == 1
            ? $"{table}.csv"
            : string.Create(CultureInfo.InvariantCulture, $"{table}-{index + 1:D3}.csv");

    private void RemoveOlder(List<string> current)
    {
        var names = current.Select(Path.GetFileName).ToHashSet(StringComparer.Ordinal);
        var own = new Regex($@"^{Regex.Escape(table)}(-\d{{3,}})?\.csv(\.partial)?$");
        foreach (var path in Directory.GetFiles(folder))
        {
            var name = Path.GetFileName(path);
            if (own.IsMatch(name) && !names.Contains(name))
            {
                File.Delete(path);
            }
        }
    }
}
