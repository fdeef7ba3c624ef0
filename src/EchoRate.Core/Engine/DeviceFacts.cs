using System.Text.Json.Serialization;

namespace EchoRate.Core.Engine;

/// <summary>The kinds of devices that engines tell apart.</summary>
public enum DeviceKind
{
    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>A GPU with memory of its own.</summary>
    Gpu,

    /// <summary>A GPU that shares the machine's memory.</summary>
    IntegratedGpu,

    /// <summary>Something that helps the CPU (BLAS, AMX) or stands for several devices.</summary>
    Accelerator,
}

/// <summary>A device as an engine sees it.</summary>
public sealed record DeviceFacts
{
    /// <summary>The engine's name for it, for example <c>CPU</c>, <c>Vulkan0</c>, <c>CUDA0</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it is, for example <c>NVIDIA GeForce RTX 4090</c> or <c>llvmpipe</c>.</summary>
    public required string Description { get; init; }

    /// <summary>The backend that drives it, in small letters: <c>cpu</c>, <c>vulkan</c>, <c>cuda</c>, <c>metal</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>Its kind.</summary>
    public required DeviceKind Kind { get; init; }

    /// <summary>Free memory in bytes at the time of asking; 0 where the backend does not say.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Memory in all, in bytes; 0 where the backend does not say.</summary>
    public required long TotalBytes { get; init; }

    /// <summary>Whether layers can be offloaded to it.</summary>
    [JsonIgnore]
    public bool IsGpu => Kind is DeviceKind.Gpu or DeviceKind.IntegratedGpu;

    /// <summary>
    /// As the column <c>device</c> prints it: <c>CPU</c>, <c>Vulkan0 (llvmpipe)</c>. What the driver adds in parentheses is left out.
    /// </summary>
    [JsonIgnore]
    public string DisplayName =>
        Kind == DeviceKind.Cpu ? Name : $"{Name} ({Description.Split(" (")[0]})";
}
