using EchoRate.Hub.Downloading;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

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

    /// <summary>Whether the manifest itself gives the hash, so that the lock file need not.</summary>
    public bool IsInManifest { get; init; }

    /// <summary>The commit under which the lock file knows it; null where it does not.</summary>
    public string? LockedCommit { get; init; }

    /// <summary>The files of the hub behind entries of a manifest, each once.</summary>
    /// <param name="entries">The entries, their hashes completed by the lock file.</param>
    /// <param name="manifest">The manifest as written, which tells whose hash it is.</param>
    public static IReadOnlyList<WantedFile> Of(
        IEnumerable<ManifestEntry> entries,
        Manifest manifest
    )
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(manifest);
        // A file may stand under two models, with its hash at one of them: it is the hash of both.
        Dictionary<HubAddress, string> written = manifest
            .Models.SelectMany(model => model.Files)
            .Where(file => !file.IsLocal)
            .SelectMany(file =>
                file.Parts.Where(part => part.Sha256 is not null)
                    .Select(part => (Address: AddressOf(file, part), Sha256: part.Sha256!))
            )
            .DistinctBy(known => known.Address)
            .ToDictionary(known => known.Address, known => known.Sha256);
        return
        [
            .. entries
                .Where(entry => !entry.File.IsLocal)
                .SelectMany(entry => entry.File.Parts.Select((part, i) => One(entry, part, i)))
                .DistinctBy(wanted => wanted.Address),
        ];

        WantedFile One(ManifestEntry entry, ManifestPart part, int index) =>
            new()
            {
                Address = AddressOf(entry.File, part),
                Name =
                    $"{entry.Model.Name}:{entry.File.Quant}"
                    + (
                        entry.File.Parts.Count == 1
                            ? ""
                            : $" ({index + 1}/{entry.File.Parts.Count})"
                    ),
                Bytes = part.Bytes,
                Sha256 = part.Sha256 ?? written.GetValueOrDefault(AddressOf(entry.File, part)),
                IsInManifest = written.ContainsKey(AddressOf(entry.File, part)),
                LockedCommit = entry.File.LockedCommit,
            };
    }

    private static HubAddress AddressOf(ManifestFile file, ManifestPart part) =>
        new(file.Repo!, file.Revision ?? "main", part.Path);
}
