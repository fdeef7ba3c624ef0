using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace EchoRate.Cli.Listing;

/// <summary>One indented object, names in snake_case, null for what is absent, text readable.</summary>
[JsonSourceGenerationOptions]
[JsonSerializable(typeof(FileListing))]
internal sealed partial class ListingJson : JsonSerializerContext
{
    /// <summary>The one form that is written.</summary>
    public static ListingJson Written { get; } =
        new(
            new JsonSerializerOptions
            {
                WriteIndented = true,
                PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
                Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            }
        );
}
