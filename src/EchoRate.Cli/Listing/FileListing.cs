using EchoRate.Core.Files;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Machine.Host;

namespace EchoRate.Cli.Listing;

/// <summary>
/// What <c>echorate list</c> shows: the manifest's files, and what else the hub's cache holds. In JSON its members are in snake_case. It looks at the
/// disk; nobody is asked over a network, nothing is hashed.
/// </summary>
internal sealed class FileListing(
    Manifest manifest,
    HubEnvironment environment,
    KnownHashes verified,
    HostMemory memory,
    FitPlan fit
)
{
    private readonly FileLocator _locator = new(manifest.Folder, environment);
    private readonly IReadOnlyList<ManifestEntry> _entries = manifest.Select([], []);

    public string Manifest => manifest.Path;
    public string Cache => environment.CacheFolder;
    public long MemoryBytes => memory.TotalBytes;

    /// <summary>Main memory that is free now, bytes; null where the system does not say.</summary>
    public long? MemoryFreeBytes => memory.AvailableBytes;

    /// <summary>The manifest's files, in its order.</summary>
    public IReadOnlyList<ListedFile> Files =>
        field ??= [
            .. _entries.Select(entry => new ListedFile(
                entry,
                _locator.Locate(entry),
                verified,
                fit
            )),
        ];

    /// <summary>GGUF files of the cache that the manifest does not name.</summary>
    public IReadOnlyList<UnlistedFile> Others => field ??= Unlisted();

    private IReadOnlyList<UnlistedFile> Unlisted()
    {
        var named = _entries
            .SelectMany(entry => entry.File.Parts.Select(part => (entry.File.Repo, part.Path)))
            .ToHashSet();
        return
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
        ];
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
internal sealed class ListedFile(
    ManifestEntry entry,
    FileLocation location,
    KnownHashes verified,
    FitPlan fit
)
{
    private readonly bool _isHere = location.Presence == FilePresence.Here;

    private (string Word, string? Plan) Fit =>
        field is { Word: not null }
            ? field
            : field = fit.Of($"{Model} {Label}", Quant, Bytes, Where);

    public string Model => entry.Model.Name;
    public string Quant => entry.File.Quant;

    /// <summary>What tells it from the other files of the model: its own label, else the quantization.</summary>
    public string Label => entry.File.Label;
    public string? Tuning => entry.Model.Tuning;

    /// <summary>What the model shows in a first real run; null for one that is no first run.</summary>
    public string? Shows => entry.Model.Shows;

    /// <summary>The repository; null for a file of this disk.</summary>
    public string? Repo => entry.File.Repo;

    /// <summary>The revision that the manifest pins; null for none.</summary>
    public string? Revision => entry.File.Revision;

    /// <summary>Size in bytes; null where nobody knows it yet.</summary>
    public long? Bytes { get; } =
        location.Presence == FilePresence.Here
            ? location.Paths.Sum(path => CacheFolders.RealFile(path).Length)
            : entry.File.Bytes;

    /// <summary>Whether manifest or lock file say what the content must be, of every part.</summary>
    public bool HashKnown => entry.File.Parts.All(part => part.Sha256 is not null);

    /// <summary>Whether it is here: <c>yes</c>, <c>no</c>, or <c>unusable</c>.</summary>
    public string Here =>
        location.Presence switch
        {
            FilePresence.Here => "yes",
            FilePresence.NotHere => "no",
            _ => "unusable",
        };

    /// <summary>
    /// <c>yes</c>: every part was hashed by a pull, is unchanged since, and is what manifest or lock file say; <c>differs</c>: it is not what they
    /// say; <c>no</c>: nobody has hashed it yet, or nobody says what it must be; null where it is not here.
    /// </summary>
    public string? Verified
    {
        get
        {
            var parts = entry
                .File.Parts.Zip(
                    location.Paths,
                    (part, path) => (Want: part.Sha256, Have: verified.Sha256Of(path))
                )
                .ToList();
            return !_isHere ? null
                : parts.Exists(part => part is { Want: { } want, Have: { } have } && want != have)
                    ? "differs"
                : parts.TrueForAll(part => part.Want is not null && part.Have is not null) ? "yes"
                : "no";
        }
    }

    /// <summary>Whether it fits this machine: <c>yes</c>, <c>tight</c>, <c>no</c>, <c>unknown</c>.</summary>
    public string Fits => Fit.Word;

    /// <summary>Where a run would put it; null where there is no GPU, or its size is not known.</summary>
    public string? Plan => Fit.Plan;

    /// <summary>Whether a licence must be accepted before the hub gives the original weights.</summary>
    public bool Gated => entry.Model.Licence?.Gated ?? false;

    /// <summary>Where it is, the first part; null where it is not here.</summary>
    public string? Where => _isHere ? location.Paths[0] : null;

    /// <summary>Why it cannot be used; null where it can.</summary>
    public string? Reason => location.Reason;
}
