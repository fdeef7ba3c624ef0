using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Tables;

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
        var summaries = new List<Summary>();
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
            See = (name, line) =>
            {
                if (summaries is not [.., var last] || !ReferenceEquals(last.File, line.File))
                {
                    summaries.Add(last = new Summary(name, line.File));
                }
                last.Add(line.Row);
            },
            WriteMore = (folder, profile) =>
                LookReport.WriteTable(
                    folder,
                    profile,
                    CutSummaryCsv.Table,
                    CutSummaryCsv.Columns,
                    from one in summaries
                    from row in one.Rows
                    select new CutSummaryLine(folder.RunId, one.File, row)
                ),
            Show = style =>
                string.Join('\n', Tables(summaries).Select(table => table.Render(style))),
            Sections = () =>
                Tables(summaries).SelectMany(table => table.Blocks()).ToList()
                    is { Count: > 0 } blocks
                    ? [new ReportSection("What makes it", blocks)]
                    : [],
        };
    }

    // One for each file, set and arm that was measured.
    private static IEnumerable<CutTable> Tables(List<Summary> summaries) =>
        from one in summaries
        from rows in one.Rows.GroupBy(row => (row.Set, row.Arm))
        where rows.First().Cut is not null
        select new CutTable(one.Name, [.. rows]);

    // The rows of one file come one after another; they are added up when the last is there.
    private sealed record Summary(string Name, FileRecord File)
    {
        private readonly CutSummaryBuilder _builder = new();
        private IReadOnlyList<CutSummaryRow>? _rows;

        public IReadOnlyList<CutSummaryRow> Rows => _rows ??= _builder.Build();

        public void Add(CutRow row) => _builder.Add(row);
    }
}
