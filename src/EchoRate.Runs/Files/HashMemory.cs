using System.Text.Json;
using System.Text.Json.Serialization;

namespace EchoRate.Runs.Files;

/// <summary>
/// Remembers the hashes of files that have not changed, so that 20 GB are not read again for each run: by path, size and time of the last
/// change. A convenience: where the memory cannot be read or written, or makes no sense, files are hashed anew.
/// </summary>
/// <param name="path">The memory's own file.</param>
public sealed class HashMemory(string path)
{
    private const int MostFiles = 4096;

    // A file that was written just now may be written again without its time being another.
    private static readonly TimeSpan s_settled = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();

    /// <summary>The hash of a file, 64 hex digits; null where it is not known, or the file is not what it was.</summary>
    public string? Recall(string file)
    {
        lock (_lock)
        {
            return
                FileStamp.Of(file) is { } now
                && Read().TryGetValue(Path.GetFullPath(file), out var entry)
                && entry.Bytes == now.Bytes
                && entry.Modified == now.Modified
                && entry.Sha256.Length == 64
                ? entry.Sha256
                : null;
        }
    }

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
            && DateTime.UtcNow - new DateTime(stamp.Modified, DateTimeKind.Utc) > s_settled
        )
        {
            Keep(Path.GetFullPath(file), new HashEntry(stamp.Bytes, stamp.Modified, sha256));
        }
        return sha256;
    }

    private void Keep(string file, HashEntry entry)
    {
        lock (_lock)
        {
            var entries = Read();
            if (entries.Count >= MostFiles)
            {
                entries.Clear();
            }
            entries[file] = entry;
            var temporary = $"{path}.{Environment.ProcessId}.partial";
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
                File.WriteAllBytes(
                    temporary,
                    JsonSerializer.SerializeToUtf8Bytes(
                        entries,
                        HashJson.Default.DictionaryStringHashEntry
                    )
                );
                File.Move(temporary, path, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                Remove(temporary);
            }
        }
    }

    // Another run may have written it since.
    private Dictionary<string, HashEntry> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(
                    File.ReadAllBytes(path),
                    HashJson.Default.DictionaryStringHashEntry
                ) ?? [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return [];
        }
    }

    private static void Remove(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Where it could not be written, it cannot be removed either.
        }
    }
}

/// <summary>A file as it was when it was hashed.</summary>
/// <param name="Bytes">Its size.</param>
/// <param name="Modified">When it was last changed: ticks, UTC.</param>
/// <param name="Sha256">64 hex digits.</param>
internal sealed record HashEntry(long Bytes, long Modified, string Sha256);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true
)]
[JsonSerializable(typeof(Dictionary<string, HashEntry>))]
internal sealed partial class HashJson : JsonSerializerContext;
