using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EchoRate.Hub.Manifests;

/// <summary>What a mapping of a manifest is called, and its keys.</summary>
internal sealed record YamlKeys(string What, params string[] Keys)
{
    public string Listed => string.Join(", ", Keys);
}

/// <summary>Which values a manifest takes for text and for a number, and how others are called.</summary>
internal static class YamlKinds
{
    private const int LongestText = 4096;

    public static string? WrongText(NodeEvent node) =>
        node is not Scalar { Value: var value } ? $"must be text, is {KindOf(node)}"
        : string.IsNullOrWhiteSpace(value) ? "is blank"
        : value.Length > LongestText ? $"is longer than {LongestText} characters"
        : value.Any(char.IsControl)
            ? $"holds a line break or another control character: {Wording.Quote(value)}"
        : null;

    public static long? NumberOf(NodeEvent node) =>
        node is Scalar { Style: ScalarStyle.Plain, Value: var digits }
        && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number > 0
            ? number
            : null;

    public static bool IsNull(NodeEvent node) =>
        node is Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" };

    public static string KindOf(NodeEvent node) =>
        node switch
        {
            MappingStart => "keys with values",
            SequenceStart => "a list",
            _ when IsNull(node) => "nothing",
            Scalar { Style: ScalarStyle.Plain } plain => "the text " + Wording.Quote(plain.Value),
            _ => "the quoted text " + Wording.Quote(((Scalar)node).Value),
        };
}
