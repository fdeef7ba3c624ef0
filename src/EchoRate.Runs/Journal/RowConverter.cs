using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Rows of a journal: echo rows, of which there are millions, by hand; others as the serializer does it.</summary>
/// <param name="pool">What recurs, for one reader; null for a writer.</param>
internal sealed class RowConverter(JournalPool? pool) : JsonConverter<MeasuredRow>
{
    public override MeasuredRow? Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    )
    {
        var ahead = reader;
        ahead.Read();
        if (!ahead.ValueTextEquals("probe"u8) || !ahead.Read() || !ahead.ValueTextEquals("echo"u8))
        {
            return JsonSerializer.Deserialize(ref reader, JournalFormat.RowsForReading);
        }
        reader = ahead;
        return new EchoRowParser(pool ?? new JournalPool()).Read(ref reader);
    }

    public override void Write(
        Utf8JsonWriter writer,
        MeasuredRow value,
        JsonSerializerOptions options
    )
    {
        if (value is EchoRow echo)
        {
            EchoRowJson.Write(writer, echo);
        }
        else
        {
            JsonSerializer.Serialize(writer, value, JournalJson.Default.MeasuredRow);
        }
    }
}
