using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Comparing;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Rendering;

/// <summary>
/// Renders a run's CSV files from its journals. Rows are read one at a time and never held; the files appear under their names only
/// when all of them are whole.
/// </summary>
/// <param name="folder">The run.</param>
/// <param name="profile">How CSV is written.</param>
/// <param name="comparer">Makes the contrasts.</param>
public sealed class RunRenderer(RunFolder folder, CsvProfile profile, RunComparer comparer)
{
    /// <summary>Writes files.csv, echo.csv, completion.csv, summary.csv and compare.csv, header only where there is nothing.</summary>
    /// <param name="seen">Shown every row with its file, in order: what a table on the terminal is made of.</param>
    /// <param name="withContrasts">False for a shard: contrasts of a part of the rows are of no use, and compare.csv has its header only.</param>
    /// <returns>The files and what they add up to, in the order of the run.</returns>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public RunSummary Render(Action<int, MeasuredRow>? seen = null, bool withContrasts = true) =>
        Guard(() => RenderAll(seen ?? ((_, _) => { }), withContrasts));

    /// <summary>Adds a run up from the rows that are there, and writes nothing.</summary>
    /// <param name="seen">Shown every row with its file, in order.</param>
    public RunSummary Read(Action<int, MeasuredRow> seen)
    {
        var files = JournaledFile.OfRun(folder.Journals);
        return new(ReadRows(files, (index, _, row) => seen(index, row)), comparer.Compare(files));
    }

    /// <summary>Writes compare.csv alone.</summary>
    /// <param name="runId">The run's id, as it was written.</param>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public IReadOnlyList<CompareRow> RenderContrasts(string runId) =>
        Guard(() =>
        {
            using var contrasts = Begin(CompareCsv.Table, CompareCsv.Columns);
            var compared = Compare(contrasts, JournaledFile.OfRun(folder.Journals), runId);
            contrasts.Complete();
            return compared;
        });

    // What the system refuses on the way is one line, and the rows are safe.
    private T Guard<T>(Func<T> render)
    {
        try
        {
            return render();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RunException(
                $"{folder.Path}: the CSV files cannot be written: {e.Message.ReplaceLineEndings(" ")}; the rows are kept in its folder rows",
                e
            );
        }
    }

    private CsvFileSet<TRow> Begin<TRow>(string table, ColumnTable<TRow> columns) =>
        new(folder.Path, table, profile, columns);

    private IReadOnlyList<CompareRow> Compare(
        CsvFileSet<CompareLine> contrasts,
        IReadOnlyList<JournaledFile> journaled,
        string runId
    )
    {
        var compared = comparer.Compare(journaled);
        contrasts.WriteAll(compared.Select(row => new CompareLine(runId, row)));
        return compared;
    }

    private RunSummary RenderAll(Action<int, MeasuredRow> seen, bool withContrasts)
    {
        var runId = folder.RunId;
        using var files = Begin(FilesCsv.Table, FilesCsv.Columns);
        using var echoes = Begin(EchoCsv.Table, EchoCsv.Columns);
        using var completions = Begin(CompletionCsv.Table, CompletionCsv.Columns);
        using var summaries = Begin(SummaryCsv.Table, SummaryCsv.Columns);
        using var contrasts = Begin(CompareCsv.Table, CompareCsv.Columns);

        // Each must have a record: of a run that is whole none was cut off.
        var journaled = JournaledFile.OfRun(folder.Journals);
        foreach (var path in folder.Journals.Except(journaled.Select(file => file.Path)))
        {
            JournalReader.ReadFile(path);
        }
        var result = ReadRows(
            journaled,
            (index, file, row) =>
            {
                seen(index, row);
                switch (row)
                {
                    case EchoRow echo:
                        echoes.Write(new RowLine<EchoRow>(runId, file, echo));
                        break;
                    case CompletionRow completion:
                        completions.Write(new RowLine<CompletionRow>(runId, file, completion));
                        break;
                }
            }
        );
        files.WriteAll(result.Select(file => new FileLine(runId, file.File)));
        summaries.WriteAll(
            result.SelectMany(file => file.Rows).Select(row => new SummaryLine(runId, row))
        );
        var compared = withContrasts ? Compare(contrasts, journaled, runId) : [];

        // All on disk before any has its name: a full disk leaves none of them.
        files.Finish();
        echoes.Finish();
        completions.Finish();
        summaries.Finish();
        contrasts.Finish();
        files.Complete();
        echoes.Complete();
        completions.Complete();
        summaries.Complete();
        contrasts.Complete();
        return new RunSummary(result, compared)
        {
            LongCells =
            [
                .. files.LongCells,
                .. echoes.LongCells,
                .. completions.LongCells,
                .. summaries.LongCells,
                .. contrasts.LongCells,
            ],
        };
    }

    private static List<FileSummary> ReadRows(
        IReadOnlyList<JournaledFile> files,
        Action<int, FileRecord, MeasuredRow> seen
    )
    {
        var result = new List<FileSummary>();
        foreach (var (index, file) in files.Index())
        {
            var builder = new SummaryBuilder();
            foreach (var row in file.Rows())
            {
                builder.Add(row);
                seen(index, file.Record, row);
            }
            result.Add(new FileSummary(file.Record, builder.Build(file.Record, file.Check)));
        }
        return result;
    }
}
