using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate prefixes</c>.</summary>
internal sealed record PrefixesRequest : LookingAtWordsRequest
{
    [Option(
        "prefixes",
        ValueName = "N",
        Description = "Ordinary tokens to put in front, drawn with the seed, beside every special one and none at all"
    )]
    [HasDefaultValue, Between(0, 1_000_000)]
    public int Prefixes { get; init; } = PrefixChoice.DefaultCount;
}

/// <summary><c>echorate prefixes</c>: words behind many first tokens.</summary>
internal sealed class PrefixesCommand(Looking looking)
{
    [Command(
        "prefixes",
        Description = "What in front of a word ends its echo: BOS, or any first token?"
    )]
    public Task<int> RunAsync(PrefixesRequest request) =>
        looking.RunAsync(request, Verb.Of(() => this), Ask);

    private static LookReport Ask(PrefixesRequest request)
    {
        var summaries = new List<Summary>();
        return new LookReport<PrefixRow>(PrefixesCsv.Table, PrefixesCsv.Columns)
        {
            Probes = new ProbeRequest
            {
                ItemSets = new ItemSources(request.Seed).Items(
                    request.Items,
                    ItemSources.NoneShared
                ),
                PromptSets = [],
                Arms = [Arm.Without],
                Look = new PrefixProbe(new PrefixChoice(request.Prefixes, request.Seed)),
            },
            Inputs = ItemSources.Inputs(request.Items),
            See = (name, line) =>
            {
                if (summaries is not [.., var last] || !last.Holds(line))
                {
                    summaries.Add(last = new Summary(name, line, new PrefixSummary(line.File)));
                }
                last.Rows.Add(line.Row);
            },
            WriteMore = (folder, profile) =>
                LookReport.WriteTable(
                    folder,
                    profile,
                    PrefixesSummaryCsv.Table,
                    PrefixesSummaryCsv.Columns,
                    from one in summaries
                    from row in one.Rows.Rows()
                    select new PrefixSummaryLine(folder.RunId, row)
                ),
            Show = style =>
                string.Join(
                    '\n',
                    summaries
                        .Select(one => PrefixesTable.Render(one.Name, one.Rows.Rows(), style))
                        .Where(text => text.Length > 0)
                ),
            Sections = () =>
                PrefixesTable.Sections([.. summaries.Select(one => (one.Name, one.Rows.Rows()))]),
        };
    }

    // The rows of one file and set come one after another.
    private sealed record Summary(string Name, RowLine<PrefixRow> First, PrefixSummary Rows)
    {
        public bool Holds(RowLine<PrefixRow> line) =>
            ReferenceEquals(line.File, First.File) && line.Row.ItemSet == First.Row.ItemSet;
    }
}
