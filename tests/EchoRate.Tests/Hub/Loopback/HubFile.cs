using System.Security.Cryptography;

namespace EchoRate.Tests.Hub.Loopback;

/// <summary>A file of the loopback hub.</summary>
internal sealed record HubFile(string Repo, string Commit, string Path, byte[] Bytes)
{
    public string Sha256 { get; } = Convert.ToHexStringLower(SHA256.HashData(Bytes));

    /// <summary>Branches and tags that mean the commit.</summary>
    public List<string> Branches { get; init; } = ["main"];

    /// <summary>Whether it is kept in the repository itself: no redirect, a git hash for an etag.</summary>
    public bool IsSmall { get; init; }

    public string GitHash => Sha256[..40];
}
