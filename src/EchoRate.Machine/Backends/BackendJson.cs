using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;

namespace EchoRate.Machine.Backends;

/// <summary>The pinned backends and trials as JSON: names in snake_case, null for what is absent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(KindConverter)]
)]
[JsonSerializable(typeof(Backend[]))]
[JsonSerializable(typeof(Trial))]
public sealed partial class BackendJson : JsonSerializerContext;

/// <summary>Kinds of devices as run.json writes them: <c>integrated_gpu</c>.</summary>
public sealed class KindConverter()
    : JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower);
