using EchoRate.Core.Files;

namespace EchoRate.Runs.Files;

/// <summary>Hashes files, and remembers the hashes of those that have not changed.</summary>
/// <param name="path">The memory's own file.</param>
public sealed class HashMemory(string path)
{
    // A file that was written just now may be written again without its time being another.
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(2);

    private readonly KnownHashes _known = new(path);

    /// <summary>The hash of a file, 64 hex digits; null where it is not known, or the file is not what it was.</summary>
    public string? Recall(string file) => _known.Sha256Of(file);

    /// <summary>Hashes a file, or recalls its hash.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public string HashOf(string file, CancellationToken cancellation)
    {
        if (Recall(file) is { } known)
        {
            return known;
        }
        var before = FileStamp.Of(file);
        var sha256 = ContentHash.OfFile(file, cancellation);
        if (
            before is { } stamp
            && stamp == FileStamp.Of(file)
            && DateTime.UtcNow - new DateTime(stamp.Modified, DateTimeKind.Utc) > _settled
        )
        {
            _known.Add(file, sha256);
        }
        return sha256;
    }
}
