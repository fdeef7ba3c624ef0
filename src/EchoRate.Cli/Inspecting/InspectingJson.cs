using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EchoRate.Cli.Inspecting;

/// <summary>One indented object, names in snake_case, null for what is absent, text readable.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(Inspection))]
[JsonSerializable(typeof(FileCheck))]
[JsonSerializable(typeof(TokenizedText))]
internal sealed partial class InspectingJson : JsonSerializerContext
{
    /// <summary>The one form that is written.</summary>
    public static InspectingJson Written { get; } =
        new(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
