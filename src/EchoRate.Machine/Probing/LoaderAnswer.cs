using System.Text.Json;
using System.Text.Json.Serialization;

namespace EchoRate.Machine.Probing;

/// <summary>What the system's loader answers when a library is opened.</summary>
public sealed record LoaderAnswer
{
    /// <summary>Whether it opened.</summary>
    public required bool Opened { get; init; }

    /// <summary>The loader's own words; null where it opened.</summary>
    public string? Said { get; init; }

    /// <summary>The libraries that it could not find, by name; empty where it opened, or failed for another reason.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>The answer as one line, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, LoaderJson.Default.LoaderAnswer);

    /// <summary>Reads a line of <see cref="ToLine"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static LoaderAnswer? FromLine(string line) =>
        JsonSerializer.Deserialize(line, LoaderJson.Default.LoaderAnswer);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LoaderAnswer))]
internal sealed partial class LoaderJson : JsonSerializerContext;
