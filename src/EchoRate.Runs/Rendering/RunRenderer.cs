using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
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
        Guard(folder, "the CSV files", () => RenderAll(seen ?? ((_, _) => { }), withContrasts));

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
        Guard(
            folder,
            "the CSV files",
            () =>
            {
                using var csv = new CsvFolder(folder.Path, profile, runId);
                var compared = comparer.Compare(JournaledFile.OfRun(folder.Journals));
                csv.Write(RunCsv.Compare, compared);
                csv.Complete();
                return compared;
            }
        );

    /// <summary>Writes something into a run's folder; what the system refuses on the way is one line, and the rows are safe.</summary>
    /// <param name="folder">The run.</param>
    /// <param name="what">What is written: <c>the CSV files</c>.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="RunException">It cannot be written.</exception>
    public static T Guard<T>(RunFolder folder, string what, Func<T> write) =>
        RunException.Guard(
            $"{folder.Path}: {what} cannot be written",
            "the rows are kept in its folder rows",
            write
        );

    private RunSummary RenderAll(Action<int, MeasuredRow> seen, bool withContrasts)
    {
        using var csv = new CsvFolder(folder.Path, profile, folder.RunId);
        var files = csv.Begin(RunCsv.Files);
        var echoes = csv.Begin(RunCsv.Echo);
        var completions = csv.Begin(RunCsv.Completion);

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
                        echoes(new RowLine<EchoRow>(file, echo));
                        break;
                    case CompletionRow completion:
                        completions(new RowLine<CompletionRow>(file, completion));
                        break;
                }
            }
        );
        result.ForEach(file => files(file.File));
        csv.Write(RunCsv.Summary, result.SelectMany(file => file.Rows));
        var compared = withContrasts ? comparer.Compare(journaled) : [];
        csv.Write(RunCsv.Compare, compared);
        csv.Complete();
        return new RunSummary(result, compared) { LongCells = csv.LongCells };
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
