using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Files;

namespace EchoRate.Hub.Pulling;

/// <summary>
/// Remembers which files on this disk were hashed, so that 20 GB are not hashed again to say the same. It holds for as long as size and time of
/// change are what they were. What it says is a memory, not a proof: a run hashes what it measures.
/// </summary>
/// <param name="path">Its file, in the user's own folder; made when absent.</param>
public sealed class VerifiedFiles(string path)
{
    private static readonly Lock s_writing = new();

    /// <summary>The hash that a file had when it was hashed last; null where it was not, or has changed since.</summary>
    public string? Sha256Of(string file)
    {
        Mark? now = Mark.Of(file, "");
        return
            now is not null
            && Read().TryGetValue(RealPath(file), out Mark? known)
            && known.Bytes == now.Bytes
            && known.ModifiedTicks == now.ModifiedTicks
            ? known.Sha256
            : null;
    }

    /// <summary>Remembers a file's hash. Where the file cannot be written nothing is remembered, and it is hashed again next time.</summary>
    public void Add(string file, string sha256)
    {
        if (Mark.Of(file, sha256) is not { } mark)
        {
            return;
        }
        lock (s_writing)
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                // Another process's mark may be lost here; its file is then hashed once more, no worse.
                SortedDictionary<string, Mark> all = new(Read(), StringComparer.Ordinal);
                foreach (string gone in all.Keys.Where(known => !File.Exists(known)).ToList())
                {
                    all.Remove(gone);
                }
                all[RealPath(file)] = mark;
                AtomicFile.Write(path, JsonSerializer.Serialize(all, MarksJson.Default.Marks));
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            { }
        }
    }

    private IDictionary<string, Mark> Read()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), MarksJson.Default.Marks)
                ?? [];
        }
        catch (Exception problem)
            when (problem is IOException or UnauthorizedAccessException or JsonException)
        {
            return new Dictionary<string, Mark>();
        }
    }

    // The blob behind the name, so that a snapshot's link and another's are one file.
    private static string RealPath(string file) =>
        File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName ?? Path.GetFullPath(file);

    /// <summary>What a file was when it was hashed.</summary>
    internal sealed record Mark(long Bytes, long ModifiedTicks, string Sha256)
    {
        public static Mark? Of(string file, string sha256)
        {
            try
            {
                FileInfo real = new(RealPath(file));
                return real.Exists
                    ? new Mark(real.Length, real.LastWriteTimeUtc.Ticks, sha256)
                    : null;
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }
}

[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower
)]
[JsonSerializable(
    typeof(SortedDictionary<string, VerifiedFiles.Mark>),
    TypeInfoPropertyName = "Marks"
)]
internal sealed partial class MarksJson : JsonSerializerContext;
