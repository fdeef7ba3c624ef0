using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Probing;

namespace EchoRate.Cli.Backends;

/// <summary>One backend in the list.</summary>
internal sealed record ListedBackend
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it is in the user's folder, whole.</summary>
    public required bool Installed { get; init; }

    /// <summary>Bytes to download for all of it.</summary>
    public required long DownloadBytes { get; init; }

    /// <summary>Bytes that it takes on the disk; null where it is not installed.</summary>
    public required long? DiskBytes { get; init; }

    /// <summary>The folder of its libraries; null where it is not installed.</summary>
    public required string? Where { get; init; }

    /// <summary>Whether it shows a device here; null where it is not installed.</summary>
    public required bool? Works { get; init; }

    /// <summary>Why not; null where it works, or is not installed.</summary>
    public required string? Reason { get; init; }

    /// <summary>Libraries that the system's loader does not find.</summary>
    public required IReadOnlyList<string> Missing { get; init; }

    /// <summary>The devices that it shows, by llama.cpp's names.</summary>
    public required IReadOnlyList<string> Devices { get; init; }

    /// <summary>Looks at the disk, and tries what is installed.</summary>
    public static async Task<ListedBackend> OfAsync(
        HostEnvironment host,
        Backend backend,
        BackendStore store,
        IBackendProbe probe,
        CancellationToken cancellation
    )
    {
        var libraries = store.Find(backend);
        var health = libraries is null
            ? null
            : await BackendHealth.ExamineAsync(
                host,
                probe,
                libraries,
                backend.DeviceBackend,
                cancellation
            );
        return new ListedBackend
        {
            Name = backend.Name,
            Installed = libraries is not null,
            DownloadBytes = backend.DownloadBytes,
            DiskBytes = libraries is null ? null : store.DiskBytes(backend),
            Where = libraries?.Directory,
            Works = health?.Works,
            Reason = health?.Reason,
            Missing = health?.Missing ?? [],
            Devices = [.. (health?.Devices ?? []).Select(device => device.Name)],
        };
    }
}
