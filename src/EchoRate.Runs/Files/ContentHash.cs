using System.Security.Cryptography;
using System.Text;

namespace EchoRate.Runs.Files;

/// <summary>The SHA-256 of model files, as 64 hex digits.</summary>
public static class ContentHash
{
    /// <summary>The hash of one file.</summary>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public static string OfFile(string path, CancellationToken cancellation)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            bufferSize: 0,
            FileOptions.SequentialScan
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 20];
        for (int read; (read = stream.Read(buffer)) > 0; )
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(buffer.AsSpan(0, read));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

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
