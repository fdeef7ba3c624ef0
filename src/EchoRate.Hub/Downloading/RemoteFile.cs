namespace EchoRate.Hub.Downloading;

/// <summary>A file of the hub.</summary>
/// <param name="Repo">organisation/name.</param>
/// <param name="Revision">Commit, branch or tag.</param>
/// <param name="Path">The path in the repository.</param>
public sealed record HubAddress(string Repo, string Revision, string Path)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Repo}/{Path}";
}

/// <summary>What the hub says of a file before the first byte.</summary>
/// <param name="Address">Which file.</param>
/// <param name="Commit">The commit that the revision means now, 40 hex digits.</param>
/// <param name="Etag">The name of its content, hex digits: the SHA-256 of a large file.</param>
/// <param name="Bytes">Its size.</param>
public sealed record RemoteFile(HubAddress Address, string Commit, string Etag, long Bytes)
{
    /// <summary>Its SHA-256, 64 hex digits; null where the hub does not say.</summary>
    public string? Sha256 => Cache.CacheFolders.IsSha256(Etag) ? Etag : null;
}
