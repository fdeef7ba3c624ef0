using System.Text.Json;
using EchoRate.Core.Results;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Journal;

/// <summary>
/// Reads journals back, a row at a time. A last line that was torn (its end or its checksum is missing) is what a killed process leaves and
/// is passed over; anywhere else it is damage, and named.
/// </summary>
public static class JournalReader
{
    // A file's record is a few kilobytes; the last one stands at the journal's end.
    private const int TailBytes = 1 << 16;

    /// <summary>The file that a journal is about, as its last record says; of a run that was cut off, its first.</summary>
    /// <exception cref="RunException">The journal holds no record of a file.</exception>
    public static FileRecord ReadFile(string path) =>
        TryReadFile(path)
        ?? throw new RunException($"{path}: no record of a file; the journal is not complete");

    /// <summary>The file that a journal is about; null where the run was cut off before it was written.</summary>
    public static FileRecord? TryReadFile(string path) =>
        LastRecord(path) ?? LinesOf(path).Select(line => line.Line.File).FirstOrDefault();

    /// <summary>Whether the file was finished: its last record stands at the journal's end.</summary>
    public static bool IsComplete(string path) => LastRecord(path) is not null;

    /// <summary>The rows of a journal, in order.</summary>
    /// <param name="path">The journal.</param>
    /// <exception cref="RunException">A line is not one of ours, or a row is missing.</exception>
    public static IEnumerable<MeasuredRow> ReadRows(string path) =>
        LinesOf(path).Select(line => line.Line.Row).OfType<MeasuredRow>();

    /// <summary>The lines of a journal, in order, and where each ends. Rows stand in the order of their places, none twice.</summary>
    /// <param name="path">The journal.</param>
    /// <param name="from">Where to begin, in bytes: a line's end.</param>
    internal static IEnumerable<(JournalLine Line, long End)> LinesOf(string path, long from = 0)
    {
        using var lines = new LineReader(path, from);
        var (rows, last) = (0L, -1L);
        while (lines.Next())
        {
            if (!Checksum.IsRight(lines.Line))
            {
                if (lines.IsLast)
                {
                    yield break;
                }
                throw Wrong(path, lines.Number, "the line does not match its checksum");
            }
            var line = Parse(path, lines.Number, lines.Line);
            if (line.Row is { } row)
            {
                rows++;
                // A row without a set stands for those that could not be named, and has no place among them.
                if (row.Set is not null && row.Place <= last)
                {
                    throw Wrong(path, lines.Number, $"row {row.Place} follows row {last}");
                }
                last = row.Place;
            }
            if (line.Rows is { } expected && expected != rows && from == 0)
            {
                throw Wrong(path, lines.Number, $"{expected} rows were written, {rows} are here");
            }
            yield return (line, lines.End);
        }
    }

    private static FileRecord? LastRecord(string path)
    {
        using var stream = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete
        );
        stream.Seek(-Math.Min(stream.Length, TailBytes), SeekOrigin.End);
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        var tail = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        if (tail.IsEmpty || tail[^1] != (byte)'\n')
        {
            return null;
        }
        var last = tail[..^1];
        last = last[(last.LastIndexOf((byte)'\n') + 1)..];
        if (!Checksum.IsRight(last))
        {
            return null;
        }
        var line = JournalLine.Parse(last);
        return line.Rows is null ? null : line.File;
    }

    private static JournalLine Parse(string path, int number, ReadOnlySpan<byte> text)
    {
        try
        {
            return JournalLine.Parse(text);
        }
        catch (JsonException e)
        {
            throw Wrong(path, number, e.Message, e);
        }
    }

    private static RunException Wrong(
        string path,
        int number,
        string what,
        Exception? inner = null
    ) => new($"{path}:{number}: not a row of a run: {what}", inner);
}
