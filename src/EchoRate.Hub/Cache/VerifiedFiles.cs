using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Files;

namespace EchoRate.Hub.Cache;

/// <summary>
/// Remembers which files on this disk were hashed, so that 20 GB are not hashed again to say the same. It holds for as long as size and time of
/// change are what they were. What it says is a memory, not a proof: a run hashes what it measures.
/// </summary>
/// <param name="path">Its file, in the user's own folder; made when absent.</param>
public sealed class VerifiedFiles(string path)
{
    private static readonly Lock _writing = new();

    /// <summary>The hash that a file had when it was hashed last; null where it was not, or has changed since.</summary>
    public string? Sha256Of(string file)
    {
        var (real, now) = MarkOf(file, "");
        return now is not null && Read().GetValueOrDefault(real) is { } known
            ? known == now with { Sha256 = known.Sha256 }
                ? known.Sha256
                : null
            : null;
    }

    /// <summary>Remembers a file's hash. Where the memory cannot be written, the file is hashed again next time.</summary>
    public void Add(string file, string sha256)
    {
        var (real, mark) = MarkOf(file, sha256);
        if (mark is null)
        {
            return;
        }
        lock (_writing)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
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

    // Of the blob behind the name, so that a snapshot's link and another's are one file.
    private static (string Path, Mark? Mark) MarkOf(string file, string sha256)
    {
        try
        {
            var real = CacheFolders.RealFile(file);
            var mark = real.Exists
                ? new Mark(real.Length, real.LastWriteTimeUtc.Ticks, sha256)
                : null;
            return (real.FullName, mark);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (file, null);
        }
    }

    internal sealed record Mark(long Bytes, long ModifiedTicks, string Sha256);
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower
)]
[JsonSerializable(typeof(Dictionary<string, VerifiedFiles.Mark>), TypeInfoPropertyName = "Marks")]
internal sealed partial class MarksJson : JsonSerializerContext;
