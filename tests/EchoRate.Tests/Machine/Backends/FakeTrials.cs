using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Answers of invented processes: which GPUs a library shows, and what came of computing on them.</summary>
internal sealed class FakeTrials : ITrials
{
    private readonly Dictionary<string, Trial> _trials = [];

    public static DeviceFacts Cpu { get; } = Device("CPU", "cpu", DeviceKind.Cpu);

    /// <summary>What was tried, by the folder's name; empty for the bare engine.</summary>
    public List<string> Asked { get; } = [];

    public static DeviceFacts Device(
        string name,
        string backend,
        DeviceKind kind = DeviceKind.Gpu,
        string description = "a card"
    ) =>
        new()
        {
            Name = name,
            Description = description,
            Backend = backend,
            Kind = kind,
            FreeBytes = 7L << 30,
            TotalBytes = 8L << 30,
        };

    /// <summary>A backend's library shows a GPU that works, or does not. An empty name is the bare engine's.</summary>
    public FakeTrials Shows(string backend, DeviceFacts device, string? cause = null)
    {
        _trials[backend] = new Trial(
            Facts([device, Cpu]),
            [new TriedDevice(device.Name, device.Backend, cause is null ? 0.01 : null, cause)],
            null
        );
        return this;
    }

    /// <summary>A backend's library shows two GPUs, of which the second does not work.</summary>
    public FakeTrials ShowsTwo(string backend, DeviceFacts works, DeviceFacts fails, string cause)
    {
        _trials[backend] = new Trial(
            Facts([works, fails, Cpu]),
            [
                new TriedDevice(works.Name, works.Backend, 0.01, null),
                new TriedDevice(fails.Name, fails.Backend, null, cause),
            ],
            null
        );
        return this;
    }

    /// <summary>A backend's library, or the bare engine, cannot be loaded.</summary>
    public FakeTrials Fails(string backend, string failure)
    {
        _trials[backend] = new Trial(null, [], failure);
        return this;
    }

    public Task<Trial> TryAsync(string? plugin, CancellationToken cancellation)
    {
        var backend = plugin is null ? "" : Path.GetFileName(Path.GetDirectoryName(plugin)!);
        Asked.Add(backend);
        return Task.FromResult(
            _trials.GetValueOrDefault(backend) ?? new Trial(Facts([Cpu]), [], null)
        );
    }

    private static EngineFacts Facts(IReadOnlyList<DeviceFacts> devices) =>
        new()
        {
            Name = "llamasharp",
            Version = "0.30.0",
            Report = new EngineReport
            {
                LibraryFolder = "/package",
                CpuLibrary = "avx2/libggml-cpu.so",
                Devices = devices,
                Notes = ["LLamaSharp took /package/libllama.so"],
            },
        };
}
