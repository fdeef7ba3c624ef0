using System.Text.Json;
using EchoRate.Core.Results;
using EchoRate.Runs.Journal;

namespace EchoRate.Runs.Workers;

/// <summary>Reads from a journal's line what the counts of a run need, and leaves the rest unread.</summary>
internal static class RowGlance
{
    /// <summary>Whether a line holds a row.</summary>
    public static bool IsRow(ReadOnlySpan<byte> line) => JournalLine.IsRow(line);

    /// <summary>The row's status and reason.</summary>
    /// <exception cref="JsonException">The line is not whole.</exception>
    public static (RowStatus Status, string? Reason) Read(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        RowStatus? status = null;
        string? reason = null;
        // Into the line's object, then into the row's.
        reader.Read();
        reader.Read();
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                status = reader.ValueTextEquals("Ok"u8)
                    ? RowStatus.Ok
                    : Enum.Parse<RowStatus>(reader.GetString()!);
            }
            else if (reader.ValueTextEquals("reason"u8))
            {
                reader.Read();
                reason = reader.GetString();
            }
            else
            {
                reader.Skip();
            }
        }
        return (status ?? throw new JsonException("a row without status"), reason);
    }
}
