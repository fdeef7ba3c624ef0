using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EchoRate.Runs.Journal;

/// <summary>Reads the lines of one journal; what recurs in them is made once.</summary>
internal sealed class JournalLineParser
{
    private readonly JournalPool _pool = new();
    private readonly JsonTypeInfo<JournalLine> _type;

    public JournalLineParser() => _type = JournalFormat.ForReading(_pool);

    private static ReadOnlySpan<byte> EchoRowBegin => "{\"row\":{\"probe\":\"echo\","u8;

    /// <summary>One line, without its end.</summary>
    /// <exception cref="JsonException">It is not a line of a journal.</exception>
    public JournalLine Parse(ReadOnlySpan<byte> line)
    {
        if (!line.StartsWith(EchoRowBegin))
        {
            return JsonSerializer.Deserialize(line, _type) ?? throw new JsonException("empty");
        }
        var json = new Utf8JsonReader(line);
        const int tokensToProbe = 5;
        for (var i = 0; i < tokensToProbe; i++)
        {
            json.Read();
        }
        return new JournalLine { Row = new EchoRowParser(_pool).Read(ref json) };
    }
}
