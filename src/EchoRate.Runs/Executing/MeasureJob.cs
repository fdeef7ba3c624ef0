using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Probes;
using EchoRate.Core.Results;
using EchoRate.Core.Scoring;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>All that measuring one file takes, as data: it can be done in this process, handed to another, or done again by hand.</summary>
public sealed record MeasureJob
{
    /// <summary>What is known of the file before it is loaded, its hash included.</summary>
    public required FileRecord Record { get; init; }

    /// <summary>Where the job is written for a worker; beside it lies a lock that who does the job holds.</summary>
    public required string Path { get; init; }

    /// <summary>The journal that rows are appended to; what an earlier process left in it is gone on with.</summary>
    public required string Journal { get; init; }

    /// <summary>What the file is measured on.</summary>
    public required RunTarget Target { get; init; }

    /// <summary>What is asked of the file.</summary>
    public required ProbeRequest Request { get; init; }

    /// <summary>How the file is loaded.</summary>
    public required LoadOptions Load { get; init; }

    /// <summary>The shard of the rows.</summary>
    public required RowSelection Selection { get; init; }

    /// <summary>The file's parts as they were when the run began.</summary>
    public IReadOnlyList<FileStamp> Stamps { get; init; } = [];

    /// <summary>Whether a GPU was asked for: where none is used, every row says so.</summary>
    public bool IsGpuWanted { get; init; }

    /// <summary>The reference that the file is, or is held against; null where it stands alone.</summary>
    public ReferencePlan? Reference { get; init; }

    /// <summary>What became of the worker that measured the file; its remaining rows are named and kept as failed. Null where they are to be measured.</summary>
    public LostWorker? Lost { get; init; }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">The file holds no job.</exception>
    public static MeasureJob Read(string path) =>
        JsonSerializer.Deserialize(File.ReadAllBytes(path), JobJson.Default.MeasureJob)
        ?? throw new JsonException($"{path}: no job");

    /// <summary>Writes the job where its path says.</summary>
    public void Write() =>
        File.WriteAllBytes(
            Path,
            JsonSerializer.SerializeToUtf8Bytes(this, JobJson.Default.MeasureJob)
        );
}

/// <summary>A worker that died or was ended.</summary>
/// <param name="Failure">What happened, one line.</param>
/// <param name="DecodeMs">How long it had measured, in milliseconds.</param>
/// <param name="PeakRssBytes">Most memory that it held; null where it never said.</param>
public sealed record LostWorker(string Failure, double DecodeMs, long? PeakRssBytes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    IgnoreReadOnlyProperties = true,
    UseStringEnumConverter = true,
    Converters = [typeof(ArmConverter)]
)]
[JsonSerializable(typeof(MeasureJob))]
[JsonSerializable(typeof(Workers.WorkerMessage))]
internal sealed partial class JobJson : JsonSerializerContext;

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
