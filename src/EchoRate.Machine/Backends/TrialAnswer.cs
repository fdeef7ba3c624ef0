using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>
/// What <c>echorate trial</c> prints, one JSON object on a line: first what was loaded and which devices there are, and, where there are GPUs, once
/// more with what came of computing on each. Whoever dies while computing has said the first.
/// </summary>
public sealed record TrialAnswer
{
    /// <summary>The engine's facts.</summary>
    public required EngineFacts Facts { get; init; }

    /// <summary>What came of each GPU; empty where there is none, null before they are tried.</summary>
    public IReadOnlyList<TriedDevice>? Tried { get; init; }

    /// <summary>The answer as one line, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, TrialJson.Default.TrialAnswer);

    /// <summary>Reads a line of <see cref="ToLine"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static TrialAnswer FromLine(string line) =>
        JsonSerializer.Deserialize(line, TrialJson.Default.TrialAnswer)
        ?? throw new JsonException("no answer");
}

/// <summary>A GPU on which a small model was computed and held against the CPU.</summary>
/// <param name="Device">Its name: <c>CUDA0</c>.</param>
/// <param name="Backend">The backend that drives it: <c>cuda</c>.</param>
/// <param name="LargestDifference">The largest difference of a logit, in nats; null where nothing was computed.</param>
/// <param name="Cause">Why it does not work; null where it does.</param>
public sealed record TriedDevice(
    string Device,
    string Backend,
    double? LargestDifference,
    string? Cause
)
{
    /// <summary>Whether it computes as the CPU does.</summary>
    [JsonIgnore]
    public bool Works => Cause is null;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(KindConverter)]
)]
[JsonSerializable(typeof(TrialAnswer))]
internal sealed partial class TrialJson : JsonSerializerContext;

/// <summary>Kinds as run.json writes them: <c>integrated_gpu</c>.</summary>
internal sealed class KindConverter()
    : JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower);
