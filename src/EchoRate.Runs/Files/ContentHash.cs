using System.Security.Cryptography;
using System.Text;
using EchoRate.Gguf;

namespace EchoRate.Runs.Files;

/// <summary>The SHA-256 of model files, as 64 hex digits.</summary>
public static class ContentHash
{
    /// <summary>The hash of one file.</summary>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public static string OfFile(string path, CancellationToken cancellation) =>
        FileHash.Sha256(path, hashed: null, cancellation);

    /// <summary>
    /// One hash for a model of several parts: of a single part, its own; of more, the hash of the parts' hashes, a line each, in order
    /// (what <c>sha256sum</c>'s first column, hashed again, gives).
    /// </summary>
    public static string Combine(IReadOnlyList<string> parts) =>
        parts.Count == 1
            ? parts[0]
            : Convert.ToHexStringLower(
                SHA256.HashData(
                    Encoding.ASCII.GetBytes(string.Concat(parts.Select(part => part + "\n")))
                )
            );
}
