using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Tables;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Journal;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate cut</c>.</summary>
internal sealed record CutRequest : LookingAtEndsRequest
{
    [Option(
        "layers",
        ValueName = "LIST",
        Description = "Layers to cut one by one, counted from 0 (default: all)"
    )]
    [HasDefaultValue, CommaList, Between(0, 100_000)]
    public int[] Layers { get; init; } = [];

    [Option(
        "heads",
        Description = "Also cut, one by one, the heads of the layers that decide most"
    )]
    public bool Heads { get; init; }

    [Option(
        "positions",
        ValueName = "LIST",
        Description = "Positions that the last one may not attend to, counted from 0, BOS included"
    )]
    [HasDefaultValue, CommaList, Between(0, 100_000)]
    public int[] Positions { get; init; } = [0];

    // Without anything in front there is nothing to cut from a word.
    [Option("arms", ValueName = "LIST", Description = OptionTexts.Arms)]
    [HasDefaultValue, CommaList]
    public string[] Arms { get; init; } = ["with"];
}

/// <summary><c>echorate cut</c>: the answer when the last position may not attend to the first, in some layers or heads.</summary>
internal sealed class CutCommand(Looking looking)
{
    [Command(
        "cut",
        Description = "Which layer and head makes the echo, or ends it? Attention cut, answer read again"
    )]
    public Task<int> RunAsync(CutRequest request) =>
        looking.RunAsync(request, Verb.Of(() => this), Ask);

    private static LookReport Ask(CutRequest request)
    {
        var files = new List<(FileRecord File, IReadOnlyList<CutSummaryRow> Rows)>();
        return new LookReport<CutRow>(CutCsv.Table, CutCsv.Columns)
        {
            Probes = request.Probes(
                request.Arms,
                new CutProbe
                {
                    Layers = request.Layers is { Length: > 0 } layers ? layers : null,
                    Heads = request.Heads,
                    Positions = request.Positions,
                }
            ),
            Inputs = ItemSources.Inputs([.. request.Items, .. request.Prompts]),
            See = (_, _) => { },
            WriteMore = (folder, profile) => WriteSummary(folder, profile, files),
            Show = style => string.Join('\n', Tables(files).Select(table => table.Render(style))),
            Sections = () =>
                Tables(files).SelectMany(table => table.Blocks()).ToList() is { Count: > 0 } blocks
                    ? [new ReportSection("What makes it", blocks)]
                    : [],
        };
    }

    private static void WriteSummary(
        RunFolder folder,
        CsvProfile profile,
        List<(FileRecord, IReadOnlyList<CutSummaryRow>)> files
    )
    {
        using var lines = new CsvFileSet<CutSummaryLine>(
            folder.Path,
            CutSummaryCsv.Table,
            profile,
            CutSummaryCsv.Columns
        );
        foreach (var path in folder.Journals)
        {
            var file = JournalReader.ReadFile(path);
            var summary = new CutSummaryBuilder();
            foreach (var row in JournalReader.ReadRows(path).OfType<CutRow>())
            {
                summary.Add(row);
            }
            var rows = summary.Build();
            lines.WriteAll(rows.Select(row => new CutSummaryLine(folder.RunId, file, row)));
            files.Add((file, rows));
        }
        lines.Complete();
    }

    // One for each file, set and arm that was measured. Where a name alone does not tell, what it was measured on stands behind it.
    private static IEnumerable<CutTable> Tables(
        List<(FileRecord File, IReadOnlyList<CutSummaryRow> Rows)> files
    )
    {
        var hasTargets = files.DistinctBy(file => NameOf(file.File)).Count() < files.Count;
        return from file in files
            from rows in file.Rows.GroupBy(row => (row.Set, row.Arm))
            where rows.First().Cut is not null
            let name = NameOf(file.File)
            select new CutTable(hasTargets ? $"{name} {file.File.DeviceLabel}" : name, [.. rows]);

        static string NameOf(FileRecord file) => $"{file.Facts.Model} {file.Facts.Label}".TrimEnd();
    }
}
