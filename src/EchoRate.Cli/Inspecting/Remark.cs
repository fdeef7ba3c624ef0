using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EchoRate.Cli.Inspecting;

/// <summary>Something that should be known.</summary>
/// <param name="Code">What it is, for scripts.</param>
/// <param name="Message">One sentence for people.</param>
internal sealed record Remark(string Code, string Message)
{
    private static readonly JsonSerializerOptions _readable = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The file holds a vocabulary and nothing else.</summary>
    public const string VocabularyOnly =
        "The file holds a vocabulary and no tensors: it can be looked at, not run.";

    /// <summary>The remarks as JSON.</summary>
    public static JsonArray Json(IEnumerable<Remark> remarks) =>
        [
            .. remarks.Select(remark => new JsonObject
            {
                ["code"] = remark.Code,
                ["message"] = remark.Message,
            }),
        ];

    /// <summary>What <c>--json</c> writes: indented, text readable.</summary>
    public static string Written(JsonObject json) => json.ToJsonString(_readable);
}
