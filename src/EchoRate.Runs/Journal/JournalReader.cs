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

    /// <summary>The record at a journal's end, of a file that was finished; null where it was not, or there is no journal.</summary>
    public static FileRecord? LastRecord(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        using var stream = Open(path);
        var buffer = new byte[Math.Min(stream.Length, TailBytes)];
        stream.Seek(-buffer.Length, SeekOrigin.End);
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        var tail = buffer.AsSpan(0, read);
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
        try
        {
            var line = JournalLine.Parse(last);
            return line.Rows is null ? null : line.File;
        }
        catch (JsonException e)
        {
            throw new RunException($"{path}: its last line is no record: {e.Message}", e);
        }
    }

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
        var (rows, last, number, end) = (0L, -1L, 0, from);
        RunException? torn = null;
        foreach (var bytes in BytesOf(path, from))
        {
            if (torn is not null)
            {
                throw torn;
            }
            number++;
            end += bytes.Length + 1;
            if (!Checksum.IsRight(bytes.Span))
            {
                torn = Wrong(path, number, "the line does not match its checksum");
                continue;
            }
            var line = Parse(path, number, bytes.Span);
            if (line.Row is { } row)
            {
                rows++;
                // A row without a set stands for those that could not be named, and has no place among them.
                if (row.Set is not null && row.Place <= last)
                {
                    throw Wrong(path, number, $"row {row.Place} follows row {last}");
                }
                last = row.Place;
            }
            if (line.Rows is { } expected && expected != rows && from == 0)
            {
                throw Wrong(path, number, $"{expected} rows were written, {rows} are here");
            }
            yield return (line, end);
        }
    }

    // Each line without its end, valid until the next; what stands behind the last end is an empty line. As bytes: checksums are over
    // bytes, and what was torn may be no text.
    private static IEnumerable<ReadOnlyMemory<byte>> BytesOf(string path, long from)
    {
        using var stream = Open(path);
        stream.Seek(from, SeekOrigin.Begin);
        var buffer = new byte[1 << 16];
        var filled = 0;
        for (int read; (read = stream.Read(buffer, filled, buffer.Length - filled)) > 0; )
        {
            var (start, searched) = (0, filled);
            filled += read;
            for (int next; (next = buffer.AsSpan(searched..filled).IndexOf((byte)'\n')) >= 0; )
            {
                yield return buffer.AsMemory(start..(searched + next));
                start = searched += next + 1;
            }
            buffer.AsSpan(start..filled).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
        if (filled > 0)
        {
            yield return default;
        }
    }

    // A worker may still write to it, and a run that is gone on with may put another in its place.
    private static FileStream Open(string path) =>
        new(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0,
            FileOptions.SequentialScan
        );

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
