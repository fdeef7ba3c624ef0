using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Core.Probes;

namespace EchoRate.Cli.Requests;

/// <summary>The options of every command that looks where an echo lives.</summary>
internal abstract record LookingRequest : MeasuringRequest, IResumable
{
    [Argument(
        "FILE.gguf",
        Description = "GGUF files, one or several quantizations; of a split model, its first part"
    )]
    [HasDefaultValue]
    public string[] Files { get; init; } = [];

    [Option("manifest", ValueName = "FILE", Description = OptionTexts.Manifest), HasDefaultValue]
    public string? Manifest { get; init; }

    [Option("model", ValueName = "NAME", Description = OptionTexts.Model)]
    [HasDefaultValue, CommaList]
    public string[] Models { get; init; } = [];

    [Option("quant", ValueName = "Q", Description = OptionTexts.Quant)]
    [HasDefaultValue, CommaList]
    public string[] Quants { get; init; } = [];

    [Option("device", ValueName = "NAME", Description = OptionTexts.Device)]
    [HasDefaultValue]
    public string[] Devices { get; init; } = [];

    [Option("gpu-layers", ValueName = "N", Description = OptionTexts.GpuLayers)]
    [HasDefaultValue]
    public GpuLayers GpuLayers { get; init; } = GpuLayers.Auto;

    [Option("resume", Description = OptionTexts.Resume)]
    public bool Resume { get; init; }

    /// <summary>The same with full paths.</summary>
    /// <param name="folder">The folder that relative paths start from.</param>
    public virtual LookingRequest From(string folder) =>
        this with
        {
            Files = [.. Files.Select(path => Path.GetFullPath(path, folder))],
            Manifest = Manifest is null ? null : Path.GetFullPath(Manifest, folder),
        };
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

    /// <inheritdoc />
    public override LookingRequest From(string folder) =>
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

    /// <inheritdoc />
    public override LookingRequest From(string folder) =>
        (LookingAtEndsRequest)base.From(folder) with
        {
            Prompts = ItemSources.Full(Prompts, folder),
        };

    /// <summary>What is asked of every file.</summary>
    /// <param name="arms">The arms, as given.</param>
    /// <param name="look">The look.</param>
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
