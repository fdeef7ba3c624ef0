using Cocona;
using EchoRate.Cli.CommandLine;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Cli.Errors;
using EchoRate.Reports.Csv;

namespace EchoRate.Cli.Requests;

/// <summary>The options of every command that measures.</summary>
internal abstract record MeasuringRequest : ICommandParameterSet
{
    [Option(
        "backend",
        ValueName = "NAME",
        Description = "What computes: auto (the best one that is installed and works), cpu, cuda, cuda12, vulkan, metal"
    )]
    [HasDefaultValue]
    public BackendName Backend { get; init; } = BackendName.Auto;

    [Option(
        "arithmetic",
        ValueName = "KIND",
        Description = "Products of weights: exact (in F32, on the CPU: what the weights say), library (as llama.cpp computes on the device), both (default: exact on the CPU, library where layers are on a GPU)"
    )]
    [HasDefaultValue]
    public ArithmeticChoice? Arithmetic { get; init; }

    [Option("threads", ValueName = "N", Description = OptionTexts.Threads)]
    [HasDefaultValue, Between(1, 1024)]
    public int? Threads { get; init; }

    [Option(
        "timeout",
        ValueName = "S",
        Description = "Seconds that one model file may take, loading included; what is left of it then counts as failed (default: no limit)"
    )]
    [HasDefaultValue, Between(1, 10_000_000)]
    public int? Timeout { get; init; }

    [Option(
        "in-process",
        Description = "Measure in this process instead of one for each model file: for debugging; a crash in llama.cpp ends the run"
    )]
    public bool InProcess { get; init; }

    [Option("out", ValueName = "DIR", Description = OptionTexts.Out), HasDefaultValue]
    public string? Out { get; init; }

    [Option("csv", ValueName = "PROFILE", Description = CsvProfile.HelpText), HasDefaultValue]
    public CsvProfile Csv { get; init; } = CsvProfile.Excel;

    /// <summary>The time that one model file may take; null for no limit.</summary>
    public TimeSpan? TimeLimit => Timeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null;

    /// <summary>Refuses a limit where there is no process that could be ended.</summary>
    /// <exception cref="UsageException">There is a limit and none.</exception>
    public void CheckTimeLimit()
    {
        if (Timeout is not null && InProcess)
        {
            throw new UsageException(
                "--timeout: a file can be ended only where it has a process of its own; leave out --in-process"
            );
        }
    }

    /// <summary>A run with the same options.</summary>
    public RunRequest ToRun() => RequestJson.Read<RunRequest>(RequestJson.Write(this));
}

/// <summary>The options of every command that measures models, and goes on with what was cut off.</summary>
internal abstract record ModelsRequest : MeasuringRequest
{
    /// <summary>The files that are named themselves.</summary>
    public abstract string[] Files { get; init; }

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

    /// <summary>The same with full paths; relative ones start from a folder.</summary>
    public virtual ModelsRequest From(string folder) =>
        this with
        {
            Files = [.. Files.Select(path => Path.GetFullPath(path, folder))],
            Manifest = Manifest is null ? null : Path.GetFullPath(Manifest, folder),
        };
}
