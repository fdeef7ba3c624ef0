using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using EchoRate.Core.Engine;
using EchoRate.Machine.Doctor;

namespace EchoRate.Cli.Backends;

/// <summary>One indented object, names in snake_case, null for what is absent, text readable.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(BackendListing))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class BackendJson : JsonSerializerContext
{
    /// <summary>The one form that is written.</summary>
    public static BackendJson Written { get; } =
        new(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
                Converters =
                {
                    new JsonStringEnumConverter<DeviceKind>(JsonNamingPolicy.SnakeCaseLower),
                },
            }
        );
}
