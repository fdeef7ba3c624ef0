namespace EchoRate.Hub.Manifests;

/// <summary>One quantization of a model: a file on this disk, or one in a repository of the Hugging Face hub.</summary>
public sealed record ManifestFile
{
    /// <summary>The quantization by llama-quantize's name, such as <c>Q4_K_M</c>.</summary>
    public required string Quant { get; init; }

    /// <summary>The hub repository, <c>organisation/name</c>; absent for a local file.</summary>
    public string? Repo { get; init; }

    /// <summary>The repository's commit, branch or tag; absent when the manifest does not pin one, and for a local file.</summary>
    public string? Revision { get; init; }

    /// <summary>The commit under which the lock file knows the file; absent where it does not.</summary>
    public string? LockedCommit { get; init; }

    /// <summary>The file itself as the only part, or all parts of a split file, first part first.</summary>
    public required IReadOnlyList<ManifestPart> Parts { get; init; }

    /// <summary>True when the paths are paths on this disk.</summary>
    public bool IsLocal => Repo is null;

    /// <summary>Size of all parts in bytes; absent unless every part's size is known.</summary>
    public long? Bytes =>
        Parts.All(part => part.Bytes is not null) ? Parts.Sum(part => part.Bytes) : null;
}
