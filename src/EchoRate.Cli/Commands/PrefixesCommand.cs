using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Requests;
using EchoRate.Core.Arms;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Statistics;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Looks;

namespace EchoRate.Cli.Commands;

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

    private static LookReport Ask(PrefixesRequest request) =>
        new LookReport<PrefixRow, PrefixSummary>(LookCsv.Prefixes)
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
            Begin = file => new PrefixSummary(file),
            Add = (total, row) => total.Add(row),
            PartOf = row => row.ItemSet,
            End = (sets, csv) =>
            {
                var ranked = sets.Select(set => (set.Name, set.Total.Rows())).ToList();
                csv.Write(LookCsv.PrefixesSummary, ranked.SelectMany(set => set.Item2));
                return PrefixesSection.Of(ranked);
            },
        };
}
