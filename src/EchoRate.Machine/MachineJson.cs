using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Doctor;

namespace EchoRate.Machine;

/// <summary>The pinned backends, trials and the doctor's findings as JSON: names in snake_case, null for what is absent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(KindConverter)]
)]
[JsonSerializable(typeof(Backend[]))]
[JsonSerializable(typeof(Trial))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(BackendList))]
public sealed partial class MachineJson : JsonSerializerContext
{
    /// <summary>For people too: indented, with readable text.</summary>
    public static MachineJson Indented =>
        new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = true,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );

    // As run.json writes kinds: integrated_gpu.
    private sealed class KindConverter()
        : JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower);
}
