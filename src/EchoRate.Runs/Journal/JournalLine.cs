using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>
/// One line of a journal: a file's record or a row. The record stands before the first row, again wherever a resumed run went on, and
/// complete, with the number of rows, after the last one; that one counts.
/// </summary>
internal readonly record struct JournalLine
{
    /// <summary>The file's record, where the line holds one.</summary>
    public FileRecord? File { get; init; }

    /// <summary>The row, where the line holds an echo.</summary>
    public EchoRow? Echo { get; init; }

    /// <summary>The row, where the line holds a completion.</summary>
    public CompletionRow? Completion { get; init; }

    /// <summary>The row, where the line holds one that shows where an echo lives.</summary>
    public LookRow? Look { get; init; }

    /// <summary>Rows of the whole journal, in the record that ends it; null everywhere else.</summary>
    public long? Rows { get; init; }

    /// <summary>The row, where the line holds one of any kind.</summary>
    public MeasuredRow? Row => (MeasuredRow?)Echo ?? (MeasuredRow?)Completion ?? Look;

    /// <summary>Reads a line, without its end.</summary>
    public static JournalLine Parse(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, JournalJson.Default.JournalLine);
}

/// <summary>Writes lines of a journal as JSON objects, UTF-8, one at a time.</summary>
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

    /// <summary>Writes a row; without line end, borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Write(MeasuredRow row) =>
        Write(
            row switch
            {
                LookRow look => new JournalLine { Look = look },
                EchoRow echo => new JournalLine { Echo = echo },
                CompletionRow completion => new JournalLine { Completion = completion },
                _ => throw new ArgumentException("no row of a journal", nameof(row)),
            }
        );

    /// <summary>Writes a line; without line end, borrowed until the next call.</summary>
    public ReadOnlySpan<byte> Write(JournalLine line)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        JsonSerializer.Serialize(_json, line, JournalJson.Default.JournalLine);
        _json.Flush();
        return _buffer.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    RespectRequiredConstructorParameters = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
