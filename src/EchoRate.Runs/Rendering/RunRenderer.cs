using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
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
    /// <returns>The files and what they add up to, in the order of the run.</returns>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public RunSummary Render(Action<int, MeasuredRow>? seen = null)
    {
        try
        {
            return RenderAll(seen ?? ((_, _) => { }));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
    }

    /// <summary>Writes compare.csv alone.</summary>
    /// <param name="runId">The run's id, as it was written.</param>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public IReadOnlyList<CompareRow> RenderContrasts(string runId)
    {
        try
        {
            using var contrasts = new CsvFileSet<CompareLine>(
                folder.Path,
                CompareCsv.Table,
                profile,
                CompareCsv.Columns
            );
            var compared = comparer.Compare(folder.Journals);
            contrasts.WriteAll(compared.Select(row => new CompareLine(runId, row)));
            contrasts.Complete();
            return compared;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotWrite(e);
        }
    }

    private RunException CannotWrite(Exception e) =>
        new(
            $"{folder.Path}: the CSV files cannot be written: {e.Message.ReplaceLineEndings(" ")}; the rows are kept in its folder rows",
            e
        );

    private RunSummary RenderAll(Action<int, MeasuredRow> seen)
    {
        var runId = folder.RunId;
        using var files = new CsvFileSet<FileLine>(
            folder.Path,
            FilesCsv.Table,
            profile,
            FilesCsv.Columns
        );
        using var echoes = new CsvFileSet<EchoLine>(
            folder.Path,
            EchoCsv.Table,
            profile,
            EchoCsv.Columns
        );
        using var completions = new CsvFileSet<CompletionLine>(
            folder.Path,
            CompletionCsv.Table,
            profile,
            CompletionCsv.Columns
        );
        using var summaries = new CsvFileSet<SummaryLine>(
            folder.Path,
            SummaryCsv.Table,
            profile,
            SummaryCsv.Columns
        );
        using var contrasts = new CsvFileSet<CompareLine>(
            folder.Path,
            CompareCsv.Table,
            profile,
            CompareCsv.Columns
        );

        var result = new List<FileSummary>();
        foreach (var (index, journal) in folder.Journals.Index())
        {
            var file = JournalReader.ReadFile(journal);
            var builder = new SummaryBuilder();
            foreach (var row in JournalReader.ReadRows(journal))
            {
                builder.Add(row);
                seen(index, row);
                switch (row)
                {
                    case EchoRow echo:
                        echoes.Write(new EchoLine(runId, file, echo));
                        break;
                    case CompletionRow completion:
                        completions.Write(new CompletionLine(runId, file, completion));
                        break;
                }
            }
            var rows = builder.Build(file);
            files.Write(new FileLine(runId, file));
            summaries.WriteAll(rows.Select(row => new SummaryLine(runId, row)));
            result.Add(new FileSummary(file, rows));
        }

        var compared = comparer.Compare(folder.Journals);
        contrasts.WriteAll(compared.Select(row => new CompareLine(runId, row)));

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
        return new RunSummary(result, compared);
    }
}

/// <summary>What a run adds up to.</summary>
/// <param name="Files">Its files, in order.</param>
/// <param name="Contrasts">Its contrasts, in order.</param>
public sealed record RunSummary(
    IReadOnlyList<FileSummary> Files,
    IReadOnlyList<CompareRow> Contrasts
);

/// <summary>What one file adds up to.</summary>
/// <param name="File">The file.</param>
/// <param name="Rows">One row for each arm, probe and set.</param>
public sealed record FileSummary(FileRecord File, IReadOnlyList<SummaryRow> Rows);
