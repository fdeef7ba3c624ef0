using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.Requests;

/// <summary>The options of <c>echorate run</c>.</summary>
internal sealed record RunRequest : ModelsRequest
{
    [Option(
        "file",
        ValueName = "PATH.gguf",
        Description = "A GGUF file, without any manifest; may be given again"
    )]
    [HasDefaultValue]
    public override string[] Files { get; init; } = [];

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
    public RunInfo.ShardInfo? Shard { get; init; }

    [Option("no-check", Description = OptionTexts.NoCheck)]
    public bool NoCheck { get; init; }

    [Option("quiet", Description = OptionTexts.Quiet)]
    public bool Quiet { get; init; }

    public override RunRequest From(string folder) =>
        (RunRequest)base.From(folder) with
        {
            Items = ItemSources.Full(Items, folder),
            Prompts = ItemSources.Full(Prompts, folder),
        };
}
