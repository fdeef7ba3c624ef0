using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Machine.Backends;

namespace EchoRate.Machine.Doctor;

/// <summary>The doctor's findings as JSON: names in snake_case, null for what is absent.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(KindConverter)]
)]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(BackendList))]
public sealed partial class DoctorJson : JsonSerializerContext
{
    /// <summary>For people too: indented, with readable text.</summary>
    public static DoctorJson Indented =>
        new(
            new JsonSerializerOptions(Default.Options)
            {
                WriteIndented = true,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
