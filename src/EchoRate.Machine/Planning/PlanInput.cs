using EchoRate.Core.Engine;
using EchoRate.Machine.Host;

namespace EchoRate.Machine.Planning;

/// <summary>All that a plan follows from.</summary>
public sealed record PlanInput
{
    /// <summary>The model file.</summary>
    public required ModelShape Model { get; init; }

    /// <summary>The engine's devices, the CPU among them, with their memory as it is now.</summary>
    public required IReadOnlyList<DeviceFacts> Devices { get; init; }

    /// <summary>The machine's main memory as it is now.</summary>
    public required HostMemory Host { get; init; }

    /// <summary>The batches that would do, the widest first; one where nobody may choose.</summary>
    public required IReadOnlyList<BatchShape> Batches { get; init; }

    /// <summary>What the user wants.</summary>
    public PlanWishes Wishes { get; init; } = new();
}

/// <summary>What a user may say about where a model goes; what is null is the planner's to decide.</summary>
public sealed record PlanWishes
{
    /// <summary>Left free on every device beside what is planned, in bytes: llama.cpp's own margin.</summary>
    public const long DefaultMarginBytes = 1L << 30;

    /// <summary>Stands for every layer in <see cref="GpuLayers"/>.</summary>
    public const int AllLayers = -1;

    /// <summary>Layers on GPUs, whether they fit or not, the output layer counted as one; <see cref="AllLayers"/> for every one.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Layers, from the first on, whose experts stay on the CPU.</summary>
    public int? CpuExpertLayers { get; init; }

    /// <summary>Bytes left free on every device, of what is free now.</summary>
    public long MarginBytes { get; init; } = DefaultMarginBytes;

    /// <summary>The devices to use, by name; null for every GPU.</summary>
    public IReadOnlyList<string>? Devices { get; init; }

    /// <summary>The only GPU to use, counted from 0 among them.</summary>
    public int? MainGpu { get; init; }

    /// <summary>Which part of the layers each GPU takes, in any unit.</summary>
    public IReadOnlyList<float>? TensorSplit { get; init; }
}
