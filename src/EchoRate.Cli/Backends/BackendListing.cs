using EchoRate.Cli.Quantizing;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Natives;
using EchoRate.Machine.Probing;

namespace EchoRate.Cli.Backends;

/// <summary>What <c>echorate backend list</c> shows. In JSON its members are in snake_case.</summary>
internal sealed record BackendListing
{
    /// <summary>The platform, in the words of the packages.</summary>
    public required string Platform { get; init; }

    /// <summary>The folder that ECHORATE_LLAMA_DIR names, or that lies beside the program, and that runs take instead; null for none.</summary>
    public required string? Instead { get; init; }

    /// <summary>The backends, best first.</summary>
    public required IReadOnlyList<ListedBackend> Backends { get; init; }

    /// <summary>Looks at the disk, and tries what is installed in processes of their own.</summary>
    public static async Task<BackendListing> OfAsync(
        HostEnvironment host,
        IBackendProbe probe,
        CancellationToken cancellation
    )
    {
        var store = new BackendStore(host, DiskRoom.FreeBytes);
        var backends = new List<ListedBackend>();
        foreach (var backend in Backend.For(host))
        {
            backends.Add(await ListedBackend.OfAsync(host, backend, store, probe, cancellation));
        }
        return new BackendListing
        {
            Platform = host.Platform,
            Instead = LlamaLocator.FolderInstead(host),
            Backends = backends,
        };
    }
}
