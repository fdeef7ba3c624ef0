using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Commands;

/// <summary>The options of every command that looks where an echo lives.</summary>
internal abstract record LookingRequest : ICommandParameterSet
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

    [Option("arms", ValueName = "LIST", Description = OptionTexts.Arms)]
    [HasDefaultValue, CommaList]
    public string[] Arms { get; init; } = ["without", "with"];

    [Option(
        "arithmetic",
        ValueName = "KIND",
        Description = "Products of weights: exact (in F32: what the weights say), library (as llama.cpp computes), both; on the CPU (default: exact)"
    )]
    [HasDefaultValue]
    public ArithmeticChoice? Arithmetic { get; init; }

    [Option("threads", ValueName = "N", Description = OptionTexts.Threads)]
    [HasDefaultValue, Between(1, 1024)]
    public int? Threads { get; init; }

    [Option("out", ValueName = "DIR", Description = OptionTexts.Out), HasDefaultValue]
    public string? Out { get; init; }

    [Option("csv", ValueName = "PROFILE", Description = CsvProfile.HelpText), HasDefaultValue]
    public CsvProfile Csv { get; init; } = CsvProfile.Excel;
}
