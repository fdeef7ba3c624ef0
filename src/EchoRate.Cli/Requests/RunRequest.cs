using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;

namespace EchoRate.Cli.Requests;

/// <summary>The options of <c>echorate run</c>.</summary>
internal sealed record RunRequest : AnswersRequest, IResumable
{
    [Option("manifest", ValueName = "FILE", Description = OptionTexts.Manifest), HasDefaultValue]
    public string? Manifest { get; init; }

    [Option("model", ValueName = "NAME", Description = OptionTexts.Model)]
    [HasDefaultValue, CommaList]
    public string[] Models { get; init; } = [];

    [Option("quant", ValueName = "Q", Description = OptionTexts.Quant)]
    [HasDefaultValue, CommaList]
    public string[] Quants { get; init; } = [];

    [Option(
        "file",
        ValueName = "PATH.gguf",
        Description = "A GGUF file, without any manifest; may be given again"
    )]
    [HasDefaultValue]
    public string[] Files { get; init; } = [];

    [Option(
        "items",
        ValueName = "LIST",
        Description = $"Words to echo: {ItemSources.AllowedItems}"
    )]
    [HasDefaultValue, CommaList]
    public string[] Items { get; init; } = ["words", "sample:500"];

    [Option(
        "prompts",
        ValueName = "LIST",
        Description = $"Prompts to complete: {ItemSources.AllowedPrompts}"
    )]
    [HasDefaultValue, CommaList]
    public string[] Prompts { get; init; } = ["published", "ioi"];

    [Option("arms", ValueName = "LIST", Description = OptionTexts.Arms)]
    [HasDefaultValue, CommaList]
    public string[] Arms { get; init; } = ["without", "with"];

    [Option(
        "neutral",
        ValueName = "K",
        Description = "Seeded words among the prefixes of the arm neutral, beside newline and EOS (default: 4)"
    )]
    [HasDefaultValue, Between(0, 1000)]
    public int? Neutral { get; init; }

    [Option("seed", ValueName = "S", Description = OptionTexts.Seed)]
    [HasDefaultValue, Between(0, int.MaxValue)]
    public int Seed { get; init; }

    [Option("reference", ValueName = "QUANT", Description = OptionTexts.Reference), HasDefaultValue]
    public string? Reference { get; init; }

    [Option(
        "same-model",
        ValueName = "WORD",
        Description = "Whether the files of --file are quantizations of one model: yes, no, or auto, by headers and names"
    )]
    [HasDefaultValue]
    public SameModel SameModel { get; init; } = SameModel.Auto;

    [Option(
        "continue-tokens",
        ValueName = "N",
        Description = "Tokens of a greedy continuation, 0 for none"
    )]
    [HasDefaultValue, Between(0, 4096)]
    public int ContinueTokens { get; init; } = 16;

    [Option("device", ValueName = "NAME", Description = OptionTexts.Device)]
    [HasDefaultValue]
    public string[] Devices { get; init; } = [];

    [Option("gpu-layers", ValueName = "N", Description = OptionTexts.GpuLayers)]
    [HasDefaultValue]
    public GpuLayers GpuLayers { get; init; } = GpuLayers.Auto;

    [Option(
        "cpu-moe",
        ValueName = "N",
        Description = "Layers, from the first on, whose experts stay on the CPU (default: as few as make the rest fit)"
    )]
    [HasDefaultValue, Between(0, GpuLayers.Most)]
    public int? CpuMoe { get; init; }

    [Option(
        "vram-margin",
        ValueName = "GIB",
        Description = "GiB left free on every GPU, of what is free now"
    )]
    [HasDefaultValue, Between(0, 1000)]
    public double VramMargin { get; init; } = 1;

    [Option("main-gpu", ValueName = "N", Description = "Use this GPU alone, counted from 0")]
    [HasDefaultValue, Between(0, 255)]
    public int? MainGpu { get; init; }

    [Option(
        "tensor-split",
        ValueName = "LIST",
        Description = "Parts of the layers that the GPUs take, in any unit: 3,1 (default: by what is free on each)"
    )]
    [HasDefaultValue]
    public TensorSplit? TensorSplit { get; init; }

    [Option(
        "sequences",
        ValueName = "N",
        Description = "Rows in one batch at most, in sixteens; 240 where more are named (default: as many as fit in memory, up to 240)"
    )]
    [HasDefaultValue, Between(1, 256)]
    public int? Sequences { get; init; }

    [Option(
        "shard",
        ValueName = "I/N",
        Description = "Measure every N-th batch of each file, beginning with the I-th, 1 to N; 'echorate merge' makes one run of the N"
    )]
    [HasDefaultValue]
    public Shard? Shard { get; init; }

    [Option("resume", Description = OptionTexts.Resume)]
    public bool Resume { get; init; }

    /// <summary>The same with full paths.</summary>
    /// <param name="folder">The folder that relative paths start from.</param>
    public RunRequest From(string folder) =>
        this with
        {
            Manifest = Manifest is null ? null : Path.GetFullPath(Manifest, folder),
            Files = [.. Files.Select(path => Path.GetFullPath(path, folder))],
            Items = ItemSources.Full(Items, folder),
            Prompts = ItemSources.Full(Prompts, folder),
        };
}
