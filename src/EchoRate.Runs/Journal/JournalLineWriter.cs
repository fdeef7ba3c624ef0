using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Writes what a journal holds as JSON objects, UTF-8, one at a time.</summary>
internal sealed class JournalLineWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    public JournalLineWriter() =>
        // Text stays readable in a journal: only what JSON itself forbids is escaped.
        _json = new Utf8JsonWriter(
            _buffer,
            new JsonWriterOptions
            {
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                SkipValidation = true,
            }
        );

    /// <summary>A file's record; without line end, borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Write(FileRecord file) => Write(new JournalLine { File = file });

    /// <summary>A file's last record, with the number of its rows; without line end, borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Write(FileRecord file, long rows) =>
        Write(new JournalLine { File = file, Rows = rows });

    /// <summary>A row; without line end, borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Write(MeasuredRow row)
    {
        if (row is not EchoRow echo)
        {
            return Write(new JournalLine { Row = row });
        }
        Begin();
        _json.WriteStartObject();
        _json.WritePropertyName("row"u8);
        EchoRowJson.Write(_json, echo);
        _json.WriteEndObject();
        return End();
    }

    /// <inheritdoc />
    public void Dispose() => _json.Dispose();

    private ReadOnlySpan<byte> Write(JournalLine line)
    {
        Begin();
        JsonSerializer.Serialize(_json, line, JournalFormat.ForWriting);
        return End();
    }

    private void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
    }

    private ReadOnlySpan<byte> End()
    {
        _json.Flush();
        return _buffer.WrittenSpan;
    }
}
