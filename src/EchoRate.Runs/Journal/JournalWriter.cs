using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Appends a file's rows as they are measured, lossless, one JSON object a line, handed to the system at most a second after.</summary>
public sealed class JournalWriter : IDisposable
{
    private static readonly TimeSpan FlushInterval = TimeSpan.FromSeconds(1);

    private readonly FileStream _stream;
    private readonly Utf8JsonWriter _json;
    private readonly Stopwatch _sinceFlush = Stopwatch.StartNew();

    /// <summary>Begins a journal; one that exists is not overwritten.</summary>
    public JournalWriter(string path)
    {
        _stream = new FileStream(
            path,
            FileMode.CreateNew,
            FileAccess.Write,
            FileShare.Read,
            bufferSize: 1 << 16
        );
        // Text stays readable in a journal: only what JSON itself forbids is escaped.
        _json = new Utf8JsonWriter(
            _stream,
            new JsonWriterOptions
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                SkipValidation = true,
            }
        );
    }

    /// <summary>Appends what is known of the file.</summary>
    public void Append(FileRecord file) => Append(new JournalLine { File = file });

    /// <summary>Appends a row.</summary>
    public void Append(MeasuredRow row) => Append(new JournalLine { Row = row });

    /// <summary>Hands everything to the system, so that the death of this process loses nothing.</summary>
    public void Flush()
    {
        _stream.Flush();
        _sinceFlush.Restart();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _json.Dispose();
        _stream.Dispose();
    }

    private void Append(JournalLine line)
    {
        JsonSerializer.Serialize(_json, line, JournalJson.Default.JournalLine);
        _json.Flush();
        _json.Reset();
        _stream.WriteByte((byte)'\n');
        if (_sinceFlush.Elapsed >= FlushInterval)
        {
            Flush();
        }
    }
}
