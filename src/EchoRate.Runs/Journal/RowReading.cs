using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using EchoRate.Core.Results;

namespace EchoRate.Runs.Journal;

/// <summary>
/// How rows are read: by the serializer's generated code, less what it would do for each of millions of rows. Left to itself it boxes all that
/// is required, reads the rest of the row a second time, and makes a stack for objects and arrays within the row.
/// </summary>
internal static class RowReading
{
    private static readonly JsonSerializerOptions _options = new(JournalJson.Default.Options)
    {
        TypeInfoResolver = JournalJson.Default.WithAddedModifier(StartEmpty),
        Converters = { new TokenReader(), new IdsReader(), new FlagsReader() },
    };

    public static JsonTypeInfo<EchoRow> Echo { get; } =
        (JsonTypeInfo<EchoRow>)_options.GetTypeInfo(typeof(EchoRow));

    public static JsonTypeInfo<CompletionRow> Completion { get; } =
        (JsonTypeInfo<CompletionRow>)_options.GetTypeInfo(typeof(CompletionRow));

    private static void StartEmpty(JsonTypeInfo type)
    {
        if (type.Type == typeof(EchoRow))
        {
            type.CreateObject = () =>
                new EchoRow
                {
                    Arm = "",
                    ItemSet = null,
                    Status = default,
                };
        }
        else if (type.Type == typeof(CompletionRow))
        {
            type.CreateObject = () =>
                new CompletionRow
                {
                    Arm = "",
                    PromptSet = null,
                    Status = default,
                };
        }
    }

    private abstract class Reader<T> : JsonConverter<T>
    {
        public override void Write(Utf8JsonWriter json, T value, JsonSerializerOptions options) =>
            throw new NotSupportedException();
    }

    private sealed class TokenReader : Reader<TokenBytes>
    {
        public override TokenBytes Read(
            ref Utf8JsonReader json,
            Type type,
            JsonSerializerOptions options
        )
        {
            var (id, bytes) = ((int?)null, (byte[]?)null);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var isId = json.ValueTextEquals("id"u8);
                json.Read();
                if (isId)
                {
                    id = json.GetInt32();
                }
                else
                {
                    bytes = json.GetBytesFromBase64();
                }
            }
            return id is { } known && bytes is not null
                ? new TokenBytes(known, bytes)
                : throw new JsonException("a token without id or bytes");
        }
    }

    private sealed class IdsReader : Reader<int[]>
    {
        public override int[] Read(
            ref Utf8JsonReader json,
            Type type,
            JsonSerializerOptions options
        )
        {
            Span<int> few = stackalloc int[16];
            List<int>? more = null;
            var count = 0;
            while (json.Read() && json.TokenType == JsonTokenType.Number)
            {
                if (count < few.Length)
                {
                    few[count++] = json.GetInt32();
                }
                else
                {
                    (more ??= []).Add(json.GetInt32());
                }
            }
            return more is null ? few[..count].ToArray() : [.. few, .. more];
        }
    }

    private sealed class FlagsReader : Reader<string[]>
    {
        public override string[] Read(
            ref Utf8JsonReader json,
            Type type,
            JsonSerializerOptions options
        )
        {
            List<string>? flags = null;
            while (json.Read() && json.TokenType == JsonTokenType.String)
            {
                (flags ??= []).Add(json.GetString()!);
            }
            return flags is null ? [] : [.. flags];
        }
    }
}
