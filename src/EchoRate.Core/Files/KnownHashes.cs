using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Gguf;

namespace EchoRate.Core.Files;

/// <summary>
/// Remembers the SHA-256 of files on this disk, so that 20 GB are not hashed again to say the same. It holds for as long as size and time of change
/// are what they were. A convenience: where the memory cannot be read or written, or makes no sense, files are hashed anew.
/// </summary>
/// <param name="path">Its own file, in the user's folder; made when absent. Null where they have none: nothing is remembered.</param>
public sealed class KnownHashes(string? path)
{
    private static readonly Lock _writing = new();

    // A file that was written just now may be written again without its time being another.
    private static readonly TimeSpan _settled = TimeSpan.FromSeconds(2);

    /// <summary>A memory in the user's folder; null where they have none.</summary>
    public static KnownHashes OfUser(string? folder, string name) =>
        new(folder is null ? null : Path.Combine(folder, name));

    /// <summary>The hash that a file had when it was hashed last, 64 hex digits; null where it was not, or has changed since.</summary>
    public string? Sha256Of(string file) =>
        MarkOf(file, "") is var (real, now)
        && Read().GetValueOrDefault(real) is { } known
        && known == now with { Sha256 = known.Sha256 }
        && known.Sha256?.Length == 64
            ? known.Sha256
            : null;

    /// <summary>Hashes a file, or recalls its hash.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="OperationCanceledException">Stopped on request.</exception>
    public string HashOf(string file, CancellationToken cancellation)
    {
        if (Sha256Of(file) is { } known)
        {
            return known;
        }
        var before = MarkOf(file, "");
        var sha256 = FileHash.Sha256(file, cancellation);
        if (
            before is var (_, mark)
            && before == MarkOf(file, "")
            && DateTime.UtcNow - new DateTime(mark.ModifiedTicks, DateTimeKind.Utc) > _settled
        )
        {
            Add(file, sha256);
        }
        return sha256;
    }

    /// <summary>Remembers a file's hash.</summary>
    public void Add(string file, string sha256)
    {
        if (path is null || MarkOf(file, sha256) is not var (real, mark))
        {
            return;
        }
        lock (_writing)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                // Another process's mark may be lost here; its file is then hashed once more.
                var all = Read().Where(known => File.Exists(known.Key)).ToDictionary();
                all[real] = mark;
                AtomicFile.Write(path, JsonSerializer.Serialize(all, MarksJson.Default.Marks));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { }
        }
    }

    private Dictionary<string, Mark> Read()
    {
        if (path is null)
        {
            return [];
        }
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MarksJson.Default.Marks)
                ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    // Of what a link leads to, so that all its names are one file: a cache's snapshots are links.
    private static (string Path, Mark Mark)? MarkOf(string file, string sha256)
    {
        try
        {
            var real = new FileInfo(
                File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? file
            );
            return real.Exists
                ? (real.FullName, new Mark(real.Length, real.LastWriteTimeUtc.Ticks, sha256))
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    internal sealed record Mark(long Bytes, long ModifiedTicks, string? Sha256);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower
)]
[JsonSerializable(typeof(Dictionary<string, KnownHashes.Mark>), TypeInfoPropertyName = "Marks")]
internal sealed partial class MarksJson : JsonSerializerContext;
