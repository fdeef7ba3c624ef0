namespace EchoRate.Machine.Planning;

/// <summary>Where a model file goes.</summary>
public sealed record OffloadPlan
{
    /// <summary>Layers on GPUs, the last ones of the model, the output layer counted as one; 0 leaves all on the CPU.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Layers in all, the output layer counted as one.</summary>
    public required int Layers { get; init; }

    /// <summary>The GPUs that take layers, in their order; empty where none does.</summary>
    public required IReadOnlyList<DevicePlan> Devices { get; init; }

    /// <summary>Layers, from the first on, whose experts stay on the CPU.</summary>
    public required int CpuExpertLayers { get; init; }

    /// <summary>The batches.</summary>
    public required BatchShape Batch { get; init; }

    /// <summary>
    /// Contexts on the weights: 2 where everything is on GPUs and there is memory for a second one, so that a batch is decoded while another is
    /// read.
    /// </summary>
    public int Contexts { get; init; } = 1;

    /// <summary>Main memory that it takes, as predicted, in bytes; file pages count.</summary>
    public required long HostBytes { get; init; }

    /// <summary>Whether it was asked for as it is, and does not fit by prediction.</summary>
    public bool IsOverCommitted { get; init; }

    /// <summary>Whether the file's shape was guessed from its size.</summary>
    public bool IsEstimated { get; init; }

    /// <summary>Layers to try, in order, should a device run out of memory all the same; 0, the CPU, comes last.</summary>
    public IReadOnlyList<int> Fallbacks { get; init; } = [];

    /// <summary>Why no layer is on a GPU although there is one; null where there is nothing to say.</summary>
    public string? Reason { get; init; }

    /// <summary>The plan in one line.</summary>
    public required string Explanation { get; init; }

    /// <summary>Which part of the layers each GPU takes, for llama.cpp; null where there are not several.</summary>
    public IReadOnlyList<float>? TensorSplit =>
        Devices.Count > 1 ? [.. Devices.Select(device => (float)device.Layers)] : null;

    /// <summary>Whether every layer is on GPUs, experts included.</summary>
    public bool IsWhole => GpuLayers == Layers && CpuExpertLayers == 0;
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
