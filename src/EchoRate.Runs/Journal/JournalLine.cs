using System.Text.Json.Serialization;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>
/// One line of a journal: what is known of the file, or a row. A file's record stands before its first row, again wherever a resumed run
/// went on, and complete, with the number of rows, after the last one; that one counts.
/// </summary>
public readonly record struct JournalLine
{
    /// <summary>The file's record, where the line holds one.</summary>
    public FileRecord? File { get; init; }

    /// <summary>The row, where the line holds one.</summary>
    public MeasuredRow? Row { get; init; }

    /// <summary>Rows of the whole journal, in the record that ends it; null everywhere else.</summary>
    public long? Rows { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(JournalLine))]
internal sealed partial class JournalJson : JsonSerializerContext;
