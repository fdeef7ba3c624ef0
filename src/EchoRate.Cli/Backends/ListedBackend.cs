using EchoRate.Machine.Backends;

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

    /// <summary>Looks at the disk.</summary>
    public static ListedBackend Of(Backend backend, BackendStore store)
    {
        var installed = store.Find(backend) is not null;
        return new ListedBackend
        {
            Name = backend.Name,
            Installed = installed,
            DownloadBytes = backend.DownloadBytes,
            DiskBytes = installed ? store.DiskBytes(backend) : null,
            Where = installed ? store.LibraryFolder(backend) : null,
        };
    }
}
