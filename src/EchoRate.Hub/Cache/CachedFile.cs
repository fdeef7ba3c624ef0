namespace EchoRate.Hub.Cache;

/// <summary>A GGUF file that the hub's cache holds.</summary>
/// <param name="Repo">organisation/name.</param>
/// <param name="Commit">The commit of its snapshot.</param>
/// <param name="Path">Its path in the repository, with '/'.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="Bytes">Its size.</param>
public sealed record CachedFile(
    string Repo,
    string Commit,
    string Path,
    string FullPath,
    long Bytes
);
