using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Composition;

namespace EchoRate.Cli.Commands;

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
