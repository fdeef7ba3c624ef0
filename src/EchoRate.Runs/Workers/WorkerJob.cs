using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Arms;
using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Workers;

/// <summary>What a worker process is asked for, in one line on its stdin.</summary>
internal sealed record WorkerJob
{
    /// <summary>The file and what is asked of it.</summary>
    public required MeasureJob Job { get; init; }

    /// <summary>What it is measured on: says which engine the worker loads, and from where.</summary>
    public required RunTarget Target { get; init; }

    /// <summary>Why the file's rows cannot be measured: they are named and handed over as failed. Null where they are to be measured.</summary>
    public string? Failure { get; init; }

    /// <summary>Rows at the beginning of the job's that were handed over already and are left out.</summary>
    public long Given { get; init; }

    /// <summary>The job as one line of JSON, without line end.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, WorkerJson.Default.WorkerJob);

    /// <summary>Reads a line of <see cref="ToLine"/>.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    public static WorkerJob FromLine(string line) =>
        JsonSerializer.Deserialize(line, WorkerJson.Default.WorkerJob)
        ?? throw new JsonException("no job");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(ArmConverter)]
)]
[JsonSerializable(typeof(WorkerJob))]
[JsonSerializable(typeof(WorkerMessage))]
internal sealed partial class WorkerJson : JsonSerializerContext;

/// <summary>An arm is its name.</summary>
internal sealed class ArmConverter : JsonConverter<Arm>
{
    public override Arm Read(
        ref Utf8JsonReader reader,
        Type typeToConvert,
        JsonSerializerOptions options
    ) => Arm.Find(reader.GetString() ?? "") ?? throw new JsonException("not an arm");

    public override void Write(Utf8JsonWriter writer, Arm value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.Name);
}
