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
    // Text stays readable in a journal: only what JSON itself forbids is escaped.
    private static readonly JournalJson _readable = new(
        new JsonSerializerOptions(JournalJson.Default.Options)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        }
    );

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

    /// <summary>The line of a row.</summary>
    public static JournalLine Of(MeasuredRow row) =>
        row switch
        {
            LookRow look => new() { Look = look },
            EchoRow echo => new() { Echo = echo },
            CompletionRow completion => new() { Completion = completion },
            _ => throw new ArgumentException("no row of a journal", nameof(row)),
        };

    /// <summary>The line as a JSON object, UTF-8, without its end.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, _readable.JournalLine);

    /// <summary>Reads a line, without its end.</summary>
    public static JournalLine Parse(ReadOnlySpan<byte> line) =>
        JsonSerializer.Deserialize(line, JournalJson.Default.JournalLine);
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
