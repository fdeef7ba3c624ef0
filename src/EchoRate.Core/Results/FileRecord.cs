using EchoRate.Core.Engine;
using EchoRate.Core.Models;

namespace EchoRate.Core.Results;

/// <summary>One model file in a run, on one of its targets: what it is, and how it went. One row of <c>files.csv</c>.</summary>
public sealed record FileRecord
{
    /// <summary>What the header and the manifest say.</summary>
    public required ModelFacts Facts { get; init; }

    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>
    /// The device that was asked for, as the names of the file's journal and log say it: with the engine it tells the records of one file
    /// apart, whatever the devices were in the end.
    /// </summary>
    public string DeviceLabel { get; init; } = "";

    /// <summary>The engine library's version; null where it was not asked.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>What computes, in one line (<see cref="EchoRate.Core.Engine.EngineFacts.Libraries"/>); null where it was not asked.</summary>
    public string? Libraries { get; init; }

    /// <summary>The backend, for example <c>cpu</c>; where the file never started, the one asked for, or null in a run with one target.</summary>
    public string? Backend { get; init; }

    /// <summary>The devices that held the layers, as the engine reports them; where the file never started, the one asked for, or null in a run with one target.</summary>
    public string? Device { get; init; }

    /// <summary>Layers that were really offloaded.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>How products of weights were computed; null where the file never started.</summary>
    public Arithmetic? Arithmetic { get; init; }

    /// <summary>Threads of the engine.</summary>
    public int? Threads { get; init; }

    /// <summary>Most sequences in one batch, as they really were.</summary>
    public int? Sequences { get; init; }

    /// <summary>Loading, in milliseconds.</summary>
    public double? LoadMs { get; init; }

    /// <summary>Decoding, scoring and writing, in milliseconds.</summary>
    public double? DecodeMs { get; init; }

    /// <summary>Rows that were measured (<see cref="RowStatus.Ok"/>); null where the file is not done.</summary>
    public long? MeasuredRows { get; init; }

    /// <summary>Measured rows ÷ seconds of decoding, scoring and writing; loading left out.</summary>
    public double? RowsPerSecond { get; init; }

    /// <summary>Most memory of the process while this file was measured, in bytes; null where the system does not say.</summary>
    public long? PeakRssBytes { get; init; }

    /// <summary>Most memory on devices, in bytes.</summary>
    public long? PeakDeviceBytes { get; init; }

    /// <summary>What became of the file.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Warnings about the file, such as <c>space_prefix_forced</c>.</summary>
    public string[] Flags { get; init; } = [];

    /// <summary>Why the file is as it is; one line.</summary>
    public string? Reason { get; init; }
}
