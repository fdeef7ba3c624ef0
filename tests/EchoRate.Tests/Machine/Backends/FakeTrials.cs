using EchoRate.Machine.Backends;
using EchoRate.Tests.Machine.Planning;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Answers of invented processes: which GPUs a library shows, and what came of computing on them. An empty name is the bare engine's.</summary>
internal sealed class FakeTrials() : TrialRunner([], _ => { })
{
    private readonly Dictionary<string, Trial> _trials = [];

    /// <summary>What was tried, by the folder's name.</summary>
    public List<string> Asked { get; } = [];

    public static DeviceFacts Device(
        string name,
        string backend,
        DeviceKind kind = DeviceKind.Gpu,
        string description = "a card"
    ) => Cards.Gpu(name, description, backend, 8L << 30, 1L << 30, kind);

    /// <summary>A library shows GPUs, of which some have a reason not to work.</summary>
    public FakeTrials Shows(string library, params (DeviceFacts Device, string? Cause)[] gpus)
    {
        _trials[library] = new Trial
        {
            Facts = Facts([.. gpus.Select(gpu => gpu.Device)]),
            Tried =
            [
                .. gpus.Select(gpu => new TriedDevice(
                    gpu.Device.Name,
                    gpu.Device.Backend,
                    gpu.Cause is null ? 0.01 : null,
                    gpu.Cause
                )),
            ],
        };
        return this;
    }

    /// <summary>A library shows a GPU that works, or does not.</summary>
    public FakeTrials Shows(string library, string device, string backend, string? cause = null) =>
        Shows(library, (Device(device, backend), cause));

    /// <summary>A library cannot be loaded.</summary>
    public FakeTrials Fails(string library, string failure)
    {
        _trials[library] = new Trial { Failure = failure };
        return this;
    }

    public override Task<Trial> TryAsync(string? plugin, CancellationToken cancellation)
    {
        var library = plugin is null ? "" : Path.GetFileName(Path.GetDirectoryName(plugin)!);
        Asked.Add(library);
        return Task.FromResult(
            _trials.GetValueOrDefault(library) ?? new Trial { Facts = Facts([]), Tried = [] }
        );
    }

    private static EngineFacts Facts(IReadOnlyList<DeviceFacts> gpus) =>
        new()
        {
            Name = "llamasharp",
            Version = "0.30.0",
            LibraryFolder = "/package",
            CpuLibrary = "avx2/libggml-cpu.so",
            Devices = [.. gpus, Cards.Cpu],
            Notes = ["LLamaSharp took /package/libllama.so"],
        };
}
