using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Requests;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Looks;

namespace EchoRate.Cli.Commands;

internal sealed record LensRequest : LookingAtEndsRequest
{
    [Option("arms", ValueName = "LIST", Description = OptionTexts.Arms)]
    [HasDefaultValue, CommaList]
    public string[] Arms { get; init; } = ["without", "with"];
}

/// <summary><c>echorate lens</c>: what every layer leaves, decoded by the model's own final norm and head.</summary>
internal sealed class LensCommand(Looking looking)
{
    [Command(
        "lens",
        Description = "In which layer is the echo made, or unmade? Every layer, decoded"
    )]
    public Task<int> RunAsync(LensRequest request) =>
        looking.RunAsync(request, Verb.Of(() => this), Ask);

    private static LookReport Ask(LensRequest request)
    {
        var probes = request.Probes(request.Arms, new LensProbe());
        return new LookReport<LensRow, LensLayers>(LookCsv.Lens)
        {
            Probes = probes,
            Inputs = ItemSources.Inputs([.. request.Items, .. request.Prompts]),
            Begin = _ => new LensLayers(),
            Add = (total, row) =>
            {
                if (probes.ItemSets.Any(set => set.Name == row.ItemSet))
                {
                    total.Add(row);
                }
            },
            End = (files, _) => LensLayers.Section(files.Select(file => (file.Name, file.Total))),
        };
    }
}
