using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Reads journals back, a row at a time.</summary>
public static class JournalReader
{
    // A file's record is a few kilobytes; the last one stands at the journal's end.
    private const int TailBytes = 1 << 16;

    private static readonly JsonTypeInfo<JournalLine> s_line = JournalJson.ForReading();

    /// <summary>The file that a journal is about, as its last record says; of a run that was cut off, its first.</summary>
    /// <exception cref="RunException">The journal holds no record of a file.</exception>
    public static FileRecord ReadFile(string path) =>
        LastLine(path)?.File
        ?? Lines(path).Select(line => line.File).FirstOrDefault()
        ?? throw new RunException($"{path}: no record of a file; the journal is not complete");

    /// <summary>The rows of a journal, in order.</summary>
    /// <exception cref="RunException">A line is not one of ours.</exception>
    public static IEnumerable<MeasuredRow> ReadRows(string path) =>
        Lines(path).Select(line => line.Row).OfType<MeasuredRow>();

    private static JournalLine? LastLine(string path)
    {
        using var stream = File.OpenRead(path);
        stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        var last = reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault();
        try
        {
            return last is null ? null : JsonSerializer.Deserialize(last, s_line);
        }
        catch (JsonException)
        {
            // Torn, or longer than the tail: not a file's record.
            return null;
        }
    }

    private static IEnumerable<JournalLine> Lines(string path)
    {
        var number = 0;
        foreach (var text in File.ReadLines(path))
        {
            number++;
            yield return Parse(path, number, text);
        }
    }

    private static JournalLine Parse(string path, int number, string text)
    {
        try
        {
            return JsonSerializer.Deserialize(text, s_line) ?? throw new JsonException("empty");
        }
        catch (JsonException e)
        {
            throw new RunException(
                $"{path}:{number.ToString(CultureInfo.InvariantCulture)}: not a row of a run: {e.Message}",
                e
            );
        }
    }
}
