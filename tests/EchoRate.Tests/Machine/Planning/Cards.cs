using EchoRate.Machine.Host;
using EchoRate.Machine.Planning;

namespace EchoRate.Tests.Machine.Planning;

/// <summary>Machines for the planner.</summary>
internal static class Cards
{
    /// <summary>What NVIDIA's cards of a size report, in MiB; the desktop takes some of it.</summary>
    private static readonly Dictionary<int, long> s_totals = new()
    {
        [8] = 8188,
        [12] = 12_282,
        [16] = 16_376,
        [24] = 24_564,
        [32] = 32_607,
        [48] = 49_140,
        [80] = 81_559,
    };

    private const long Desktop = 150L << 20;

    /// <summary>The batches of a run with the default items and prompts.</summary>
    public static IReadOnlyList<BatchShape> Batches { get; } =
    [
        new(256, 512, 513),
        new(256, 256, 257),
        new(128, 128, 129),
        new(64, 64, 78),
        new(32, 32, 78),
        new(16, 16, 78),
        new(8, 8, 78),
    ];

    /// <summary>Main memory of so many GiB, all of it free.</summary>
    public static HostMemory Host(int gib) => new((long)gib << 30, (long)gib << 30);

    /// <summary>An NVIDIA card of so many GB.</summary>
    public static DeviceFacts Nvidia(int gb, int index = 0) =>
        Gpu($"CUDA{index}", $"NVIDIA GeForce RTX {gb}", "cuda", s_totals[gb] << 20, Desktop);

    /// <summary>Any GPU.</summary>
    public static DeviceFacts Gpu(
        string name,
        string description,
        string backend,
        long total,
        long used,
        DeviceKind kind = DeviceKind.Gpu
    ) =>
        new()
        {
            Name = name,
            Description = description,
            Backend = backend,
            Kind = kind,
            FreeBytes = total - used,
            TotalBytes = total,
        };

    /// <summary>The CPU.</summary>
    public static DeviceFacts Cpu { get; } =
        Gpu("CPU", "a CPU", "cpu", 64L << 30, 0, DeviceKind.Cpu);

    /// <summary>What is planned for a file on GPUs, with 64 GiB of main memory.</summary>
    public static PlanInput Input(ModelShape model, params DeviceFacts[] gpus) =>
        new()
        {
            Model = model,
            Devices = [.. gpus, Cpu],
            Host = Host(64),
            Batches = Batches,
        };
}
