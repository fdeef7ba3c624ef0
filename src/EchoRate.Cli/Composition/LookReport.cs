using EchoRate.Cli.Errors;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Looks;
using EchoRate.Reports.Page;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;
using EchoRate.Runs.Provenance;
using EchoRate.Runs.Rendering;

namespace EchoRate.Cli.Composition;

/// <summary>What is asked of files by a look, and what becomes of its rows: CSV files, and sections for report and terminal.</summary>
internal abstract record LookReport
{
    /// <summary>What is asked of every file.</summary>
    public required ProbeRequest Probes { get; init; }

    /// <summary>The files that items, prompts and texts were read from.</summary>
    public IReadOnlyList<RunInfo.InputInfo> Inputs { get; init; } = [];

    /// <summary>Writes the CSV files from a folder's journals; answers the exit code, and what was found.</summary>
    /// <exception cref="RunException">The folder cannot be read or written.</exception>
    public abstract (int Code, IReadOnlyList<ReportSection> Sections) Write(
        RunFolder folder,
        CsvProfile profile
    );
}

/// <summary>Rows of a file that are added up together.</summary>
internal sealed record LookPart<TTotal>(string Name, FileRecord File, TTotal Total);

/// <summary>The same for one kind of rows.</summary>
internal sealed record LookReport<TRow, TTotal>(ColumnTable<RowLine<TRow>> Columns) : LookReport
    where TRow : LookRow
{
    /// <summary>Begins to add up rows of a file.</summary>
    public required Func<FileRecord, TTotal> Begin { get; init; }

    public required Action<TTotal, TRow> Add { get; init; }

    /// <summary>What tells rows of one file apart that are added up by themselves.</summary>
    public Func<TRow, object?> PartOf { get; init; } = _ => null;

    /// <summary>Writes further tables, and says what was found; null where nothing was measured.</summary>
    public required Func<
        IReadOnlyList<LookPart<TTotal>>,
        CsvFolder,
        ReportSection?
    > End { get; init; }

    public override (int Code, IReadOnlyList<ReportSection> Sections) Write(
        RunFolder folder,
        CsvProfile profile
    ) => RunRenderer.Guard(folder, "the CSV files", () => WriteAll(folder, profile));

    private (int, IReadOnlyList<ReportSection>) WriteAll(RunFolder folder, CsvProfile profile)
    {
        using var csv = new CsvFolder(folder.Path, profile, folder.RunId);
        var write = csv.Begin(Columns);
        var parts = new OrderedDictionary<(string, object?), LookPart<TTotal>>();
        var sinks = new List<SinksOfFile>();
        var (measured, failed) = (0L, 0L);
        var records = folder.Journals.Select(JournalReader.ReadFile).ToList();
        foreach (var (path, file, name) in folder.Journals.Zip(records, FileLabels.Of(records)))
        {
            var seen = new SinkSummary(file);
            foreach (var row in JournalReader.ReadRows(path).OfType<TRow>())
            {
                measured += row.Status.IsMeasurement() ? 1 : 0;
                failed += row.Status.IsMeasurement() ? 0 : 1;
                write(new RowLine<TRow>(file, row));
                if (!parts.TryGetValue((name, PartOf(row)), out var part))
                {
                    part = new LookPart<TTotal>(name, file, Begin(file));
                    parts.Add((name, PartOf(row)), part);
                }
                Add(part.Total, row);
                seen.Add(row);
            }
            sinks.Add(new SinksOfFile(name, seen, seen.Rows()));
        }
        csv.Write(RunCsv.Files, records);
        var found = End([.. parts.Values], csv);
        csv.Write(LookCsv.Sinks, sinks.SelectMany(file => file.Rows));
        csv.Complete();
        var code =
            measured == 0 ? ExitCode.NothingMeasured
            : failed > 0 ? ExitCode.SomeFailed
            : ExitCode.Done;
        return (code, [.. new[] { found, SinkSection.Of(sinks) }.OfType<ReportSection>()]);
    }
}
