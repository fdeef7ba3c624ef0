using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Cocona;
using EchoRate.Cli.CommandLine.Values;
using EchoRate.Reports.Csv;
using EchoRate.Runs.Provenance;

namespace EchoRate.Cli.CommandLine;

/// <summary>Options and arguments as run.json keeps them: each by its name on the command line.</summary>
internal static class RequestJson
{
    private static readonly JsonSerializerOptions _options = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NameByOption } },
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false),
            new ValueConverter<BackendName>(BackendName.Read),
            new ValueConverter<GpuLayers>(GpuLayers.Read),
            new ValueConverter<RunInfo.ShardInfo>(RunInfo.ShardInfo.Read),
            new ValueConverter<TensorSplit>(TensorSplit.Read),
            new ValueConverter<CsvProfile>(text =>
                CsvProfile.TryParse(text, out var profile) ? profile : null
            ),
        },
    };

    /// <summary>The options of a request.</summary>
    public static JsonObject Write(ICommandParameterSet request) =>
        JsonSerializer.SerializeToNode(request, request.GetType(), _options)!.AsObject();

    /// <summary>The request that options make.</summary>
    /// <exception cref="JsonException">An option is not what it should be.</exception>
    public static T Read<T>(JsonObject options)
        where T : ICommandParameterSet => options.Deserialize<T>(_options)!;

    private static void NameByOption(JsonTypeInfo type)
    {
        if (!type.Type.IsAssignableTo(typeof(ICommandParameterSet)))
        {
            return;
        }
        foreach (var property in type.Properties.ToList())
        {
            var marks = property.AttributeProvider!.GetCustomAttributes(true);
            var name =
                marks.OfType<OptionAttribute>().FirstOrDefault()?.Name
                ?? marks.OfType<ArgumentAttribute>().FirstOrDefault()?.Name;
            if (name is not null)
            {
                property.Name = name;
            }
            else
            {
                type.Properties.Remove(property);
            }
        }
    }

    private sealed class ValueConverter<T>(Func<string, T?> read) : JsonConverter<T>
        where T : class
    {
        public override T Read(
            ref Utf8JsonReader reader,
            Type typeToConvert,
            JsonSerializerOptions options
        ) =>
            read(reader.GetString() ?? "")
            ?? throw new JsonException($"'{reader.GetString()}' is not allowed");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(value.ToString());
    }
}
