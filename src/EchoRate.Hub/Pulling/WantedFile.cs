using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>What the hub says of a file before the first byte.</summary>
/// <param name="Address">Which file.</param>
/// <param name="Commit">The commit that the revision means now, 40 hex digits.</param>
/// <param name="Etag">The name of its content, hex digits: the SHA-256 of a large file.</param>
/// <param name="Bytes">Its size.</param>
internal sealed record RemoteFile(HubAddress Address, string Commit, string Etag, long Bytes)
{
    /// <summary>Its SHA-256, 64 hex digits; null where the hub does not say.</summary>
    public string? Sha256 => CacheFolders.IsSha256(Etag) ? Etag : null;
}

/// <summary>One file of the hub that is to be here; of a split model, one part.</summary>
public sealed record WantedFile
{
    /// <summary>Which file.</summary>
    public required HubAddress Address { get; init; }

    /// <summary>What the user calls it, such as <c>gemma-7b:Q8_0</c>; parts carry their number.</summary>
    public required string Name { get; init; }

    /// <summary>Its size; null where nobody said yet.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its SHA-256; null where nobody said yet.</summary>
    public string? Sha256 { get; init; }

    /// <summary>The commit under which the lock file knows it; null where it does not.</summary>
    public string? LockedCommit { get; init; }

    /// <summary>The files of the hub behind entries of a manifest, each once: where one of two entries gives its hash, it has that.</summary>
    public static IReadOnlyList<WantedFile> Of(IEnumerable<ManifestEntry> entries) =>
        [
            .. entries
                .Where(entry => !entry.File.IsLocal)
                .SelectMany(entry => entry.File.Parts.Select((part, i) => Of(entry, part, i)))
                .GroupBy(wanted => wanted.Address)
                .Select(same => same.FirstOrDefault(one => one.Sha256 is not null) ?? same.First()),
        ];

    private static WantedFile Of(ManifestEntry entry, ManifestPart part, int index)
    {
        var count = entry.File.Parts.Count;
        return new()
        {
            Address = HubAddress.Of(entry.File, part),
            Name =
                $"{entry.Model.Name}:{entry.File.Label}"
                + (count == 1 ? "" : $" ({index + 1}/{count})"),
            Bytes = part.Bytes,
            Sha256 = part.Sha256,
            LockedCommit = entry.File.LockedCommit,
        };
    }
}
