using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.Composition;
using EchoRate.Cli.Errors;
using EchoRate.Cli.Terminal;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Commands;

/// <summary>The options of <c>echorate lens</c>.</summary>
internal sealed record LensRequest : LookingRequest
{
    [Option("items", ValueName = "LIST", Description = $"Words to echo: {AllowedItems}")]
    [HasDefaultValue, CommaList]
    public string[] Items { get; init; } = ["words"];

    [Option(
        "prompts",
        ValueName = "LIST",
        Description = $"Prompts, looked at where they end: {ItemSources.AllowedPrompts} (default: none)"
    )]
    [HasDefaultValue, CommaList]
    public string[] Prompts { get; init; } = [];

    [Option("seed", ValueName = "S", Description = OptionTexts.Seed)]
    [HasDefaultValue, Between(0, int.MaxValue)]
    public int Seed { get; init; }

    private const string AllowedItems = "words, sample:N, all, FILE.csv (columns item, category)";
}

/// <summary><c>echorate lens</c>: what every layer leaves, decoded by the model's own final norm and head.</summary>
internal sealed class LensCommand(UserTerminal terminal, Looking looking)
{
    // Their logits are held once more than a run holds them.
    private const int MostRows = 64;

    [Command(
        "lens",
        Description = "In which layer is the echo made, or unmade? Every layer, decoded"
    )]
    public Task<int> RunAsync(LensRequest request)
    {
        var sources = new ItemSources(request.Seed);
        var items = ItemSources.Full(request.Items, terminal.WorkingFolder);
        var prompts = ItemSources.Full(request.Prompts, terminal.WorkingFolder);
        var probes = new ProbeRequest
        {
            ItemSets = sources.Items(
                items,
                () => throw new UsageException("--items: common:N is a set of 'run' alone")
            ),
            PromptSets = sources.Prompts(prompts),
            Arms = ItemSources.Arms(request.Arms),
            ContinueTokens = 0,
        };
        var table = new LensTable();
        var look = new Look<LensRow>(LensCsv.Table, LensCsv.Columns)
        {
            Probes = probes,
            Inputs = ItemSources.Inputs([.. items, .. prompts]),
            Plan = facts =>
            {
                var load = probes.Plan(facts, new() { Sequences = MostRows });
                // No two prompts of a batch share their beginning here, beyond the prefix.
                var longest = Math.Max(1, probes.LongestPrompt);
                return load with
                {
                    CacheSize = 1 + Math.Max(load.BatchSize, load.Sequences * longest),
                    ShowsResiduals = true,
                };
            },
            RowCount = facts => probes.RowCount(facts) * ((facts.Layers ?? 0) + 1),
            Measure = context => LensProbe.Run(context, probes),
            Blank = row => new LensRow(row),
            See = (file, row) =>
            {
                if (probes.ItemSets.Any(set => set.Name == row.ItemSet))
                {
                    table.Add(file, row);
                }
            },
        };
        var code = looking.Run(request, look);
        terminal.Out.Write(
            table.Render(new TableStyle { Width = terminal.Width, Colour = terminal.UseColour })
        );
        return Task.FromResult(code);
    }
}
