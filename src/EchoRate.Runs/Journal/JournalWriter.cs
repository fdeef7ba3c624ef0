using System.Diagnostics;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Appends a file's rows as they are measured, lossless, one JSON object a line, handed to the system at most a second after.</summary>
public sealed class JournalWriter : IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _stream;
    private readonly JournalLineWriter _lines = new();
    private readonly Stopwatch _sinceFlush = Stopwatch.StartNew();

    /// <summary>Begins a journal; one that exists is not overwritten.</summary>
    public JournalWriter(string path) =>
        _stream = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 1 << 16
        );

    /// <summary>Appends what is known of the file.</summary>
    public void Append(FileRecord file) => AppendLine(_lines.Write(file));

    /// <summary>Appends a row.</summary>
    public void Append(MeasuredRow row) => AppendLine(_lines.Write(row));

    /// <summary>Appends what another writer made: one JSON object, without line end.</summary>
    public void AppendLine(ReadOnlySpan<byte> json)
    {
        _stream.Write(json);
        _stream.WriteByte((byte)'\n');
        if (_sinceFlush.Elapsed >= FlushInterval)
        {
            Flush();
        }
    }

    /// <summary>Hands everything to the system, so that the death of this process loses nothing.</summary>
    public void Flush()
    {
        _stream.Flush();
        _sinceFlush.Restart();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _lines.Dispose();
        _stream.Dispose();
    }
}
