using EchoRate.Core.Engine;
using EchoRate.Machine.Probing;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Answers of invented processes: which devices a folder shows, and what opening a library says.</summary>
internal sealed class FakeProbe : IBackendProbe
{
    private readonly List<(string Part, DeviceFacts[] Devices)> _devices = [];
    private readonly List<(string Part, LoaderAnswer Answer)> _opened = [];
    private readonly List<(string Part, string Failure)> _failures = [];

    public static DeviceFacts Cpu { get; } = Device("CPU", "cpu", DeviceKind.Cpu);

    /// <summary>Folders that were looked at, by name.</summary>
    public List<string> Looked { get; } = [];

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

    /// <summary>Folders whose path holds this show the devices, and the CPU.</summary>
    public FakeProbe Shows(string part, params DeviceFacts[] devices)
    {
        _devices.Add((part, devices));
        return this;
    }

    /// <summary>Libraries whose path holds this lack others.</summary>
    public FakeProbe Lacks(string part, params string[] missing)
    {
        _opened.Add(
            (
                part,
                new LoaderAnswer
                {
                    Opened = false,
                    Said = "not found",
                    Missing = missing,
                }
            )
        );
        return this;
    }

    /// <summary>Folders whose path holds this cannot be loaded.</summary>
    public FakeProbe Fails(string part, string failure)
    {
        _failures.Add((part, failure));
        return this;
    }

    public Task<FolderAnswer> LookAsync(string folder, CancellationToken cancellation)
    {
        Looked.Add(folder);
        if (_failures.Find(one => folder.Contains(one.Part)) is { Failure: { } failure })
            return Task.FromResult(new FolderAnswer(null, failure));
        return Task.FromResult(
            new FolderAnswer(
                new EngineFacts
                {
                    Name = "llama",
                    Version = "0.4.0-dev",
                    Report = new EngineReport
                    {
                        LibraryFolder = folder,
                        CpuLibrary = "libggml-cpu-zen4.so",
                        Devices =
                        [
                            .. _devices.Find(one => folder.Contains(one.Part)).Devices ?? [],
                            Cpu,
                        ],
                    },
                },
                null
            )
        );
    }

    /// <summary>What engines with libraries of their own answer.</summary>
    public Dictionary<string, FolderAnswer> Engines { get; } = [];

    public Task<FolderAnswer> LookAtEngineAsync(string engine, CancellationToken cancellation) =>
        Task.FromResult(Engines[engine]);

    public Task<LoaderAnswer> OpenAsync(string library, CancellationToken cancellation) =>
        Task.FromResult(
            _opened.Find(one => library.Contains(one.Part)).Answer
                ?? new LoaderAnswer { Opened = true }
        );
}
