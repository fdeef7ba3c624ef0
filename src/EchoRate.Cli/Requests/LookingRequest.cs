using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Core.Probes;

namespace EchoRate.Cli.Requests;

/// <summary>The options of every command that looks where an echo lives.</summary>
internal abstract record LookingRequest : ModelsRequest
{
    [Argument(
        "FILE.gguf",
        Description = "GGUF files, one or several quantizations; of a split model, its first part"
    )]
    [HasDefaultValue]
    public override string[] Files { get; init; } = [];
}

/// <summary>The options of every command that looks at words.</summary>
internal abstract record LookingAtWordsRequest : LookingRequest
{
    [Option(
        "items",
        ValueName = "LIST",
        Description = $"Words to echo: {ItemSources.AllowedOfLooks}"
    )]
    [HasDefaultValue, CommaList]
    public string[] Items { get; init; } = ["words"];

    [Option("seed", ValueName = "S", Description = OptionTexts.Seed)]
    [HasDefaultValue, Between(0, int.MaxValue)]
    public int Seed { get; init; }

    public override LookingAtWordsRequest From(string folder) =>
        (LookingAtWordsRequest)base.From(folder) with
        {
            Items = ItemSources.Full(Items, folder),
        };
}

/// <summary>The options of every command that looks at words, and at prompts where they end.</summary>
internal abstract record LookingAtEndsRequest : LookingAtWordsRequest
{
    [Option(
        "prompts",
        ValueName = "LIST",
        Description = $"Prompts, looked at where they end: {ItemSources.AllowedPrompts} (default: none)"
    )]
    [HasDefaultValue, CommaList]
    public string[] Prompts { get; init; } = [];

    public override LookingAtEndsRequest From(string folder) =>
        (LookingAtEndsRequest)base.From(folder) with
        {
            Prompts = ItemSources.Full(Prompts, folder),
        };

    /// <summary>What is asked of every file.</summary>
    public ProbeRequest Probes(string[] arms, Look look)
    {
        var sources = new ItemSources(Seed);
        return new ProbeRequest
        {
            ItemSets = sources.Items(Items, ItemSources.NoneShared),
            PromptSets = sources.Prompts(Prompts),
            Arms = ItemSources.Arms(arms),
            ContinueTokens = 0,
            Look = look,
        };
    }
}
