using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Runs.Folder;

namespace EchoRate.Runs.Provenance;

/// <summary>run.json, written and read.</summary>
public sealed partial record RunInfo
{
    /// <summary>Writes the file under a temporary name and renames it: it is there whole or not at all.</summary>
    public void Write(string path)
    {
        var temporary = path + ".tmp";
        using (var stream = File.Create(temporary))
        {
            JsonSerializer.Serialize(stream, this, RunInfoJson.Indented.RunInfo);
            // On disk before it has its name.
            stream.Flush(flushToDisk: true);
        }
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="RunException">It is missing, not ours, or of a layout that we do not know.</exception>
    public static RunInfo Read(string path)
    {
        try
        {
            var bytes = RunException.Guard(
                $"{path}: cannot be read",
                "a run's folder holds it",
                () => File.ReadAllBytes(path)
            );
            // Another version may have other properties: its number is looked at first.
            var version = JsonSerializer
                .Deserialize(bytes, RunInfoJson.Indented.RunInfoLayout)
                ?.SchemaVersion;
            if (version != CurrentSchemaVersion)
            {
                throw version is null
                    ? new RunException($"{path}: not a run's provenance: it has no schema_version")
                    : new RunException(
                        $"{path}: schema version {version}; this program reads {CurrentSchemaVersion}"
                    );
            }
            return JsonSerializer.Deserialize(bytes, RunInfoJson.Indented.RunInfo)!;
        }
        catch (JsonException e)
        {
            throw new RunException($"{path}: not a run's provenance: {e.Message}", e);
        }
    }
}

/// <summary>What every version of the file has.</summary>
internal sealed record RunInfoLayout(int? SchemaVersion);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(RunInfo))]
[JsonSerializable(typeof(RunInfoLayout))]
internal sealed partial class RunInfoJson : JsonSerializerContext
{
    public static RunInfoJson Indented { get; } =
        new(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                Converters =
                {
                    new JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower),
                },
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                // Paths and prompts stay readable: the file is for people and programs, not for web pages.
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
