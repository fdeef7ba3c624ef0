using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>Reads the lines of one journal; what recurs in them is made once.</summary>
/// <param name="inOneRow">Whether echo rows may all be one object, good until the next line is read.</param>
internal sealed class JournalLineParser(bool inOneRow = false)
{
    private readonly JournalPool _pool = new();
    private JsonTypeInfo<JournalLine>? _type;
    private EchoRow? _again;

    private static ReadOnlySpan<byte> EchoRowBegin => "{\"row\":{\"probe\":\"echo\","u8;

    /// <summary>One line, without its end.</summary>
    /// <exception cref="JsonException">It is not a line of a journal.</exception>
    public JournalLine Parse(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(EchoRowBegin))
        {
            return JsonSerializer.Deserialize(line, _type ??= JournalFormat.ForReading(_pool));
        }
        var json = new Utf8JsonReader(line);
        const int tokensToProbe = 5;
        for (var i = 0; i < tokensToProbe; i++)
        {
            json.Read();
        }
        var row = new EchoRowParser(_pool).Read(ref json, _again);
        _again = inOneRow ? row : null;
        return new JournalLine { Row = row };
    }
}
