using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Probing;

/// <summary>What <c>echorate devices</c> prints: one JSON object on one line.</summary>
public sealed record EngineAnswer
{
    /// <summary>The engine's name.</summary>
    public required string Engine { get; init; }

    /// <summary>The version of its library.</summary>
    public required string Version { get; init; }

    /// <summary>The folder that its libraries came from.</summary>
    public required string LibraryFolder { get; init; }

    /// <summary>The CPU library that was taken; null where the engine does not say.</summary>
    public string? CpuLibrary { get; init; }

    /// <summary>The devices that it sees, with their memory at the time of asking.</summary>
    public required IReadOnlyList<DeviceFacts> Devices { get; init; }

    /// <summary>The same as the engine's facts.</summary>
    public EngineFacts ToFacts() =>
        new()
        {
            Name = Engine,
            Version = Version,
            Report = new EngineReport
            {
                LibraryFolder = LibraryFolder,
                CpuLibrary = CpuLibrary,
                Devices = Devices,
            },
        };

    /// <summary>The answer that says an engine's facts.</summary>
    public static EngineAnswer Of(EngineFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return new EngineAnswer
        {
            Engine = facts.Name,
            Version = facts.Version,
            LibraryFolder = facts.Report.LibraryFolder,
            CpuLibrary = facts.Report.CpuLibrary,
            Devices = facts.Report.Devices,
        };
    }

    /// <summary>The answer as one line, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, AnswerJson.Default.EngineAnswer);

    /// <summary>Reads a line of <see cref="ToLine"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static EngineAnswer FromLine(string line) =>
        JsonSerializer.Deserialize(line, AnswerJson.Default.EngineAnswer)
        ?? throw new JsonException("no answer");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(KindConverter)]
)]
[JsonSerializable(typeof(EngineAnswer))]
internal sealed partial class AnswerJson : JsonSerializerContext;

/// <summary>Kinds as run.json writes them: <c>integrated_gpu</c>.</summary>
internal sealed class KindConverter()
    : JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower);
