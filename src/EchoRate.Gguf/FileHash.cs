using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Gguf;

/// <summary>The SHA-256 of a whole file. The next piece is read while this one is hashed, so that the slower of disk and processor sets the pace.</summary>
public static class FileHash
{
    private const int PieceBytes = 1 << 20;

    /// <summary>The hash, 64 lower-case hex digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Stops between two pieces of 1 MiB.</param>
    /// <param name="hashed">Told how many bytes are done; null for nobody.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public static string Sha256(
        string path,
        CancellationToken cancellation,
        Action<long>? hashed = null
    )
    {
        using var file = File.OpenHandle(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.Read,
            FileOptions.SequentialScan
        );
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var (current, other) = (new byte[PieceBytes], new byte[PieceBytes]);
        var position = 0L;
        var reading = ReadAsync(file, current, position);
        try
        {
            for (int count; (count = reading.GetAwaiter().GetResult()) > 0; )
            {
                cancellation.ThrowIfCancellationRequested();
                position += count;
                reading = ReadAsync(file, other, position);
                hash.AppendData(current, 0, count);
                hashed?.Invoke(position);
                (current, other) = (other, current);
            }
        }
        finally
        {
            // The handle must outlive a read that is under way.
            ((IAsyncResult)reading).AsyncWaitHandle.WaitOne();
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

    private static Task<int> ReadAsync(SafeFileHandle file, byte[] buffer, long position) =>
        Task.Run(() => RandomAccess.Read(file, buffer, position));
}
