using EchoRate.Cli.Errors;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Tables;
using EchoRate.Runs;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Composition;

/// <summary>What becomes of the rows of a look: CSV files, and a table for the terminal.</summary>
internal abstract record LookReport
{
    /// <summary>What is asked of every file.</summary>
    public required ProbeRequest Probes { get; init; }

    /// <summary>The files that items, prompts and texts were read from.</summary>
    public IReadOnlyList<RunInfo.InputInfo> Inputs { get; init; } = [];

    /// <summary>What is printed of the table's own rows when all is written.</summary>
    public required Func<TableStyle, string> Show { get; init; }

    /// <summary>What the report shows of them; empty where nothing was measured.</summary>
    public required Func<IReadOnlyList<ReportSection>> Sections { get; init; }

    /// <summary>What is seen of attention sinks: the files' names, and the rows of each.</summary>
    protected List<(string Name, SinkSummary Seen)> Sinks { get; } = [];

    /// <summary>All that is printed when all is written.</summary>
    public string ShowAll(TableStyle style) => Show(style) + new SinkTable(Sinks).Render(style);

    /// <summary>All that the report shows.</summary>
    public IReadOnlyList<ReportSection> AllSections() =>
        [.. Sections(), .. new SinkTable(Sinks).Sections()];

    /// <summary>Writes a further CSV file of the folder.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void WriteTable<T>(
        RunFolder folder,
        CsvProfile profile,
        string table,
        ColumnTable<T> columns,
        IEnumerable<T> rows
    )
    {
        using var lines = new CsvFileSet<T>(folder.Path, table, profile, columns);
        lines.WriteAll(rows);
        lines.Complete();
    }

    /// <summary>Writes the CSV files from a folder's journals.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="profile">How CSV is written.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public abstract int Write(RunFolder folder, CsvProfile profile);
}

/// <summary>The same for one kind of rows.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="Columns">Its columns.</param>
internal sealed record LookReport<TRow>(string Table, ColumnTable<RowLine<TRow>> Columns)
    : LookReport
    where TRow : LookRow
{
    /// <summary>Shown every row with its file's name.</summary>
    public required Action<string, RowLine<TRow>> See { get; init; }

    /// <summary>Writes further files into the folder; no table has its name yet.</summary>
    public Action<RunFolder, CsvProfile> WriteMore { get; init; } = (_, _) => { };

    /// <inheritdoc />
    public override int Write(RunFolder folder, CsvProfile profile)
    {
        try
        {
            return WriteAll(folder, profile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"{folder.Path}: the CSV files cannot be written: {e.Message.ReplaceLineEndings(" ")}; the rows are kept in its folder rows",
                e
            );
        }
    }

    private int WriteAll(RunFolder folder, CsvProfile profile)
    {
        using var lines = new CsvFileSet<RowLine<TRow>>(folder.Path, Table, profile, Columns);
        using var files = new CsvFileSet<FileLine>(
            folder.Path,
            FilesCsv.Table,
            profile,
            FilesCsv.Columns
        );
        var (measured, failed) = (0L, 0L);
        var records = folder.Journals.Select(JournalReader.ReadFile).ToList();
        foreach (var (path, file, name) in folder.Journals.Zip(records, FileLabels.Of(records)))
        {
            var sinks = new SinkSummary(file);
            Sinks.Add((name, sinks));
            foreach (var row in JournalReader.ReadRows(path).OfType<TRow>())
            {
                measured += row.Status.IsMeasurement() ? 1 : 0;
                failed += row.Status.IsMeasurement() ? 0 : 1;
                var line = new RowLine<TRow>(folder.RunId, file, row);
                lines.Write(line);
                See(name, line);
                sinks.Add(row);
            }
            files.Write(new FileLine(folder.RunId, file));
        }
        lines.Finish();
        files.Finish();
        WriteMore(folder, profile);
        WriteTable(
            folder,
            profile,
            SinksCsv.Table,
            SinksCsv.Columns,
            from one in Sinks
            from row in one.Seen.Rows()
            select new SinkLine(folder.RunId, row)
        );
        lines.Complete();
        files.Complete();
        return measured == 0 ? ExitCode.NothingMeasured
            : failed > 0 ? ExitCode.SomeFailed
            : ExitCode.Done;
    }
}
