using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>
/// What a journal says again and again, made once while it is read: the names of arms and sets, tokens. Bounded, so that reading holds no more
/// of a long journal than of a short one. For one reader.
/// </summary>
internal sealed class JournalPool
{
    private const int MostTexts = 1024;
    private const int MostTokens = 1 << 16;
    private const int LongestText = 64;
    private const int LongestToken = 64;

    private readonly HashSet<string> _texts = [];
    private readonly Dictionary<int, TokenBytes> _tokens = [];

    /// <summary>The converters that look here first.</summary>
    public IEnumerable<JsonConverter> Converters =>
        [new TextConverter(this), new TokenConverter(this)];

    private string Text(ReadOnlySpan<char> text)
    {
        var known = _texts.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out var same))
        {
            return same;
        }
        var made = text.ToString();
        if (_texts.Count < MostTexts)
        {
            _texts.Add(made);
        }
        return made;
    }

    private TokenBytes Token(int id, ReadOnlySpan<byte> bytes)
    {
        if (_tokens.TryGetValue(id, out var same) && bytes.SequenceEqual(same.Bytes))
        {
            return same;
        }
        var made = new TokenBytes(id, bytes.ToArray());
        if (_tokens.Count < MostTokens)
        {
            _tokens.TryAdd(id, made);
        }
        return made;
    }

    private sealed class TextConverter(JournalPool pool) : JsonConverter<string>
    {
        public override string? Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            if (reader.HasValueSequence || reader.ValueSpan.Length > LongestText)
            {
                return reader.GetString();
            }
            Span<char> text = stackalloc char[LongestText];
            return pool.Text(text[..reader.CopyString(text)]);
        }

        public override void Write(
            Utf8JsonWriter writer,
            string value,
            JsonSerializerOptions options
        ) => writer.WriteStringValue(value);
    }

    private sealed class TokenConverter(JournalPool pool) : JsonConverter<TokenBytes>
    {
        public override TokenBytes Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        )
        {
            var id = 0;
            Span<byte> bytes = stackalloc byte[LongestToken];
            var length = -1;
            byte[]? longer = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isId = reader.ValueTextEquals("id"u8);
                reader.Read();
                if (isId)
                {
                    id = reader.GetInt32();
                }
                else if (
                    !reader.HasValueSequence
                    && Base64.GetMaxDecodedFromUtf8Length(reader.ValueSpan.Length) <= LongestToken
                    && Base64.DecodeFromUtf8(reader.ValueSpan, bytes, out _, out length)
                        == OperationStatus.Done
                )
                {
                    longer = null;
                }
                else
                {
                    longer = reader.GetBytesFromBase64();
                }
            }
            return longer is not null ? new TokenBytes(id, longer)
                : length >= 0 ? pool.Token(id, bytes[..length])
                : throw new JsonException("a token without bytes");
        }

        public override void Write(
            Utf8JsonWriter writer,
            TokenBytes value,
            JsonSerializerOptions options
        ) =>
            throw new NotSupportedException("journals are read with these converters, not written");
    }
}
