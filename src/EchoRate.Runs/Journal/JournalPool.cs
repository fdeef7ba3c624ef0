using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
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
    private byte[] _lastBytes = [];

    /// <summary>The text that the reader stands at; null for none.</summary>
    public string? Text(ref Utf8JsonReader json)
    {
        if (
            json.TokenType != JsonTokenType.String
            || json.HasValueSequence
            || json.ValueSpan.Length > LongestText
        )
        {
            return json.GetString();
        }
        Span<char> buffer = stackalloc char[LongestText];
        ReadOnlySpan<char> text = buffer[..json.CopyString(buffer)];
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

    /// <summary>The bytes in base64 that the reader stands at.</summary>
    public byte[] Bytes(ref Utf8JsonReader json)
    {
        Span<byte> buffer = stackalloc byte[LongestToken];
        return TryDecode(json, buffer, out var length)
            ? Same(buffer[..length], _lastBytes)
            : json.GetBytesFromBase64();
    }

    /// <summary>The token that the reader stands at the beginning of.</summary>
    public TokenBytes Token(ref Utf8JsonReader json)
    {
        var id = -1;
        byte[]? longer = null;
        Span<byte> buffer = stackalloc byte[LongestToken];
        var length = -1;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isId = json.ValueTextEquals("id"u8);
            json.Read();
            if (isId)
            {
                id = json.GetInt32();
            }
            else if (!TryDecode(json, buffer, out length))
            {
                longer = json.GetBytesFromBase64();
            }
        }
        if (id < 0 || (longer is null && length < 0))
        {
            throw new JsonException("a token without id or bytes");
        }
        return longer is null ? Token(id, buffer[..length]) : new TokenBytes(id, longer);
    }

    private TokenBytes Token(int id, ReadOnlySpan<byte> bytes)
    {
        if (_tokens.TryGetValue(id, out var same) && bytes.SequenceEqual(same.Bytes))
        {
            return same;
        }
        var made = new TokenBytes(id, Same(bytes, _lastBytes));
        if (_tokens.Count < MostTokens)
        {
            _tokens.TryAdd(id, made);
        }
        return made;
    }

    // An item and its token, which stands behind it, share their bytes.
    private byte[] Same(ReadOnlySpan<byte> bytes, byte[] last) =>
        bytes.SequenceEqual(last) ? last : _lastBytes = bytes.ToArray();

    private static bool TryDecode(in Utf8JsonReader json, scoped Span<byte> into, out int length)
    {
        length = -1;
        return json.TokenType == JsonTokenType.String
            && !json.HasValueSequence
            && !json.ValueIsEscaped
            && Base64.GetMaxDecodedFromUtf8Length(json.ValueSpan.Length) <= into.Length
            && Base64.DecodeFromUtf8(json.ValueSpan, into, out _, out length)
                == OperationStatus.Done;
    }
}
