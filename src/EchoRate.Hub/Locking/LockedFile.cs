namespace EchoRate.Hub.Locking;

/// <summary>What <c>pull</c> learned of one file of the hub: the next pull must find the same.</summary>
/// <param name="Repo">organisation/name.</param>
/// <param name="Path">The path in the repository.</param>
/// <param name="Revision">Commit, branch or tag as the manifest names it; <c>main</c> where it names none.</param>
/// <param name="Commit">The commit that the revision meant, 40 hex digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, 64 hex digits, computed from the bytes that arrived.</param>
public sealed record LockedFile(
    string Repo,
    string Path,
    string Revision,
    string Commit,
    long Bytes,
    string Sha256
);
