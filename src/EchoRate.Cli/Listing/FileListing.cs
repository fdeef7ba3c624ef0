using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;
using EchoRate.Machine;

namespace EchoRate.Cli.Listing;

/// <summary>What <c>echorate list</c> shows: the manifest's files, and what else the hub's cache holds. In JSON its members are in snake_case.</summary>
internal sealed record FileListing
{
    /// <summary>The manifest.</summary>
    public required string Manifest { get; init; }

    /// <summary>The hub's cache.</summary>
    public required string Cache { get; init; }

    /// <summary>Main memory, bytes.</summary>
    public required long MemoryBytes { get; init; }

    /// <summary>Main memory that is free now, bytes; null where the system does not say.</summary>
    public required long? MemoryFreeBytes { get; init; }

    /// <summary>The manifest's files, in its order.</summary>
    public required IReadOnlyList<ListedFile> Files { get; init; }

    /// <summary>GGUF files of the cache that the manifest does not name.</summary>
    public required IReadOnlyList<UnlistedFile> Others { get; init; }

    /// <summary>Looks at the disk; nobody is asked over a network, nothing is hashed.</summary>
    public static FileListing Of(
        Manifest manifest,
        HubEnvironment environment,
        VerifiedFiles verified,
        HostMemory memory,
        IFitPlan fit
    )
    {
        var locator = new FileLocator(manifest.Folder, environment);
        var entries = manifest.Select([], []);
        var named = entries
            .Where(entry => !entry.File.IsLocal)
            .SelectMany(entry => entry.File.Parts.Select(part => (entry.File.Repo, part.Path)))
            .ToHashSet();
        return new FileListing
        {
            Manifest = manifest.Path,
            Cache = environment.CacheFolder,
            MemoryBytes = memory.TotalBytes,
            MemoryFreeBytes = memory.AvailableBytes,
            Files = [.. entries.Select(entry => ListedFile.Of(entry, locator, verified, fit))],
            Others =
            [
                .. CacheScan
                    .Files(environment.CacheFolder)
                    .Where(file => !named.Contains((file.Repo, file.Path)))
                    .Select(file => new UnlistedFile(
                        file.Repo,
                        file.Commit,
                        file.Path,
                        file.Bytes,
                        fit.Of(new FitQuestion(file.Path, null, file.Bytes, null)).Word,
                        file.FullPath
                    )),
            ],
        };
    }
}

/// <summary>A GGUF file of the cache that the manifest does not name.</summary>
internal sealed record UnlistedFile(
    string Repo,
    string Commit,
    string Path,
    long Bytes,
    string Fits,
    string Where
);
