using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace EchoRate.Gguf;

/// <summary>The SHA-256 of a whole file. The next piece is read while this one is hashed, so that the slower of disk and processor sets the pace.</summary>
public static class FileHash
{
    private const int PieceBytes = 1 << 20;

    /// <summary>The hash, 64 lower-case hex digits.</summary>
    /// <param name="path">The file.</param>
    /// <param name="hashed">Told how many bytes are done; null for nobody.</param>
    /// <param name="cancellation">Stops between two pieces of 1 MiB.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">This user may not read it.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public static string Sha256(string path, Action<long>? hashed, CancellationToken cancellation)
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

    private static Task<int> ReadAsync(SafeFileHandle file, byte[] buffer, long position) =>
        Task.Run(() => RandomAccess.Read(file, buffer, position));
}
