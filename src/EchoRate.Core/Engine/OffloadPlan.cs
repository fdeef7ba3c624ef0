using System.Text.Json.Serialization;

namespace EchoRate.Core.Engine;

/// <summary>Where a model file goes: planned before the run, kept in run.json, so that a run that is gone on with does the same again.</summary>
public sealed record OffloadPlan
{
    /// <summary>The file's place among all files on all targets of a run, from 1; 0 outside of one.</summary>
    public int Index { get; init; }

    /// <summary>Layers on GPUs, the last ones of the model, the output layer counted as one; 0 leaves all on the CPU.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers in all, the output layer counted as one.</summary>
    public required int Layers { get; init; }

    /// <summary>Layers, from the first on, whose experts stay on the CPU.</summary>
    public int CpuExpertLayers { get; init; }

    /// <summary>The GPUs that take layers, in their order; empty where none does.</summary>
    public IReadOnlyList<DevicePlan> Devices { get; init; } = [];

    /// <summary>Most rows in a batch of the run; null for as many as main memory holds when the file begins.</summary>
    public int? Sequences { get; init; }

    /// <summary>Most tokens in a batch of the run; null for the usual number.</summary>
    public int? BatchSize { get; init; }

    /// <summary>
    /// Whether a second context decodes a batch while another is read: where everything is on GPUs and there is memory for one. The rows are the same.
    /// </summary>
    public bool HasSecondContext { get; init; }

    /// <summary>Contexts on the weights.</summary>
    [JsonIgnore]
    public int Contexts => HasSecondContext ? 2 : 1;

    /// <summary>Main memory that it takes, as predicted, in bytes; file pages count.</summary>
    public long HostBytes { get; init; }

    /// <summary>Layers to try, in order, should a GPU run out of memory all the same; 0, the CPU, comes last.</summary>
    public IReadOnlyList<int> Fallbacks { get; init; } = [];

    /// <summary>Whether a GPU was asked for, so that a run without one says so.</summary>
    public bool IsGpuWanted { get; init; }

    /// <summary>The plan in one line.</summary>
    public required string Explanation { get; init; }

    /// <summary>The batches that it was planned for.</summary>
    [JsonIgnore]
    public BatchShape Batch { get; init; } = new(0, 0, 0);

    /// <summary>Whether it was asked for as it is, and does not fit by prediction.</summary>
    [JsonIgnore]
    public bool IsOverCommitted { get; init; }

    /// <summary>Which part of the layers each GPU takes, for llama.cpp; null where there are not several.</summary>
    [JsonIgnore]
    public IReadOnlyList<float>? TensorSplit =>
        Devices.Count > 1 ? [.. Devices.Select(device => (float)device.Layers)] : null;

    /// <summary>Whether every layer is on GPUs, experts included.</summary>
    [JsonIgnore]
    public bool IsWhole => GpuLayers == Layers && CpuExpertLayers == 0;

    /// <summary>What differs from another plan in ways that show in the last digits.</summary>
    [JsonIgnore]
    public string Shape =>
        $"{GpuLayers} of {Layers} layers ({string.Join(" + ", Devices.Select(device => device.Layers))}), experts of {CpuExpertLayers} on CPU, batches of {Sequences} rows and {BatchSize} tokens";
}

/// <summary>What one GPU takes.</summary>
/// <param name="Name">The engine's name for it.</param>
/// <param name="Description">What it is.</param>
/// <param name="Layers">Layers on it.</param>
/// <param name="Bytes">Its memory that they take, as predicted, with cache, logits and what the driver keeps.</param>
/// <param name="FreeBytes">Its memory that was free.</param>
/// <param name="TotalBytes">Its memory in all.</param>
public sealed record DevicePlan(
    string Name,
    string Description,
    int Layers,
    long Bytes,
    long FreeBytes,
    long TotalBytes
);
