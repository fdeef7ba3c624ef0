using EchoRate.Core.Files;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Listing;

/// <summary>What <c>echorate list</c> shows: the manifest's files, and what else the hub's cache holds. In JSON its members are in snake_case.</summary>
internal sealed record FileListing
{
    public required string Manifest { get; init; }
    public required string Cache { get; init; }
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
        KnownHashes verified,
        HostMemory memory,
        FitPlan fit
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
                .. CachedFile
                    .AllIn(environment.CacheFolder)
                    .Where(file => !named.Contains((file.Repo, file.Path)))
                    .Select(file => new UnlistedFile(
                        file.Repo,
                        file.Commit,
                        file.Path,
                        file.Bytes,
                        fit.Of(file.Path, null, file.Bytes, null).Word,
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

/// <summary>One file of the manifest, all parts together.</summary>
internal sealed record ListedFile
{
    public required string Model { get; init; }
    public required string Quant { get; init; }

    /// <summary>What tells it from the other files of the model: its own label, else the quantization.</summary>
    public required string Label { get; init; }
    public required string? Tuning { get; init; }

    /// <summary>What the model shows in a first real run; null for one that is no first run.</summary>
    public required string? Shows { get; init; }

    /// <summary>The repository; null for a file of this disk.</summary>
    public required string? Repo { get; init; }

    /// <summary>The revision that the manifest pins; null for none.</summary>
    public required string? Revision { get; init; }

    /// <summary>Size in bytes; null where nobody knows it yet.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Whether manifest or lock file say what the content must be, of every part.</summary>
    public required bool HashKnown { get; init; }

    /// <summary>Whether it is here: <c>yes</c>, <c>no</c>, or <c>unusable</c>.</summary>
    public required string Here { get; init; }

    /// <summary>
    /// <c>yes</c>: every part was hashed by a pull, is unchanged since, and is what manifest or lock file say; <c>differs</c>: it is not what they
    /// say; <c>no</c>: nobody has hashed it yet, or nobody says what it must be; null where it is not here.
    /// </summary>
    public required string? Verified { get; init; }

    /// <summary>Whether it fits this machine: <c>yes</c>, <c>tight</c>, <c>no</c>, <c>unknown</c>.</summary>
    public required string Fits { get; init; }

    /// <summary>Where a run would put it; null where there is no GPU, or its size is not known.</summary>
    public required string? Plan { get; init; }

    /// <summary>Whether a licence must be accepted before the hub gives the original weights.</summary>
    public required bool Gated { get; init; }

    /// <summary>Where it is, the first part; null where it is not here.</summary>
    public required string? Where { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public required string? Reason { get; init; }

    /// <summary>Looks for a file.</summary>
    public static ListedFile Of(
        ManifestEntry entry,
        FileLocator locator,
        KnownHashes verified,
        FitPlan fit
    )
    {
        var (model, file) = (entry.Model, entry.File);
        var location = locator.Locate(entry);
        var isHere = location.Presence == FilePresence.Here;
        var bytes = isHere
            ? location.Paths.Sum(path => CacheFolders.RealFile(path).Length)
            : file.Bytes;
        var where = isHere ? location.Paths[0] : null;
        var (fits, plan) = fit.Of($"{model.Name} {file.Label}", file.Quant, bytes, where);
        return new ListedFile
        {
            Model = model.Name,
            Quant = file.Quant,
            Label = file.Label,
            Tuning = model.Tuning,
            Shows = model.Shows,
            Repo = file.Repo,
            Revision = file.Revision,
            Bytes = bytes,
            HashKnown = file.Parts.All(part => part.Sha256 is not null),
            Here = location.Presence switch
            {
                FilePresence.Here => "yes",
                FilePresence.NotHere => "no",
                _ => "unusable",
            },
            Verified = isHere ? VerifiedWord(file, location.Paths, verified) : null,
            Fits = fits,
            Plan = plan,
            Gated = model.Licence?.Gated ?? false,
            Where = where,
            Reason = location.Reason,
        };
    }

    private static string VerifiedWord(
        ManifestFile file,
        IReadOnlyList<string> paths,
        KnownHashes verified
    )
    {
        var parts = file
            .Parts.Zip(paths, (part, path) => (Want: part.Sha256, Have: verified.Sha256Of(path)))
            .ToList();
        return parts.TrueForAll(part => part.Want is not null && part.Want == part.Have) ? "yes"
            : parts.Exists(part =>
                part is { Want: not null, Have: not null } && part.Want != part.Have
            )
                ? "differs"
            : "no";
    }
}
