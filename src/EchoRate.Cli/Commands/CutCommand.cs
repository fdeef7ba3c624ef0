using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Requests;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Looks;
using EchoRate.Reports.Page;

namespace EchoRate.Cli.Commands;

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

    private static LookReport Ask(CutRequest request) =>
        new LookReport<CutRow, CutSummary>(LookCsv.Cut)
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
            Begin = _ => new CutSummary(),
            Add = (total, row) => total.Add(row),
            PartOf = row => (row.ItemSet, row.Arm),
            End = (parts, csv) =>
            {
                var found = parts
                    .Select(part => (part.Name, part.File, Rows: part.Total.Build()))
                    .ToList();
                csv.Write(
                    LookCsv.CutSummary,
                    from part in found
                    from row in part.Rows
                    select new RowLine<CutSummaryRow>(part.File, row)
                );
                List<ReportBlock> blocks =
                [
                    .. from part in found
                    where part.Rows[0].Cut is not null
                    from block in new CutFindings(part.Name, part.Rows).Blocks()
                    select block,
                ];
                return blocks.Count > 0 ? new ReportSection("What makes it", blocks) : null;
            },
        };
}
