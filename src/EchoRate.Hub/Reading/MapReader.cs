using System.Globalization;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Reading;

/// <summary>
/// Reads the values of one mapping by key; whatever is wrong is added to the list of problems and read as absent.
/// </summary>
internal sealed class MapReader
{
    private const int LongestText = 4096;

    // Guessing what was meant is the dearest thing here, and nobody reads the thousandth guess.
    private const int HintedProblems = 20;

    private readonly YamlMap _map;
    private readonly string _what;
    private readonly List<ManifestProblem> _problems;
    private readonly Dictionary<string, (YamlScalar Key, YamlNode Value)> _entries = [];

    private MapReader(
        YamlMap map,
        string what,
        IReadOnlyList<string> keys,
        List<ManifestProblem> problems
    )
    {
        (_map, _what, _problems) = (map, what, problems);
        foreach ((YamlNode keyNode, YamlNode value) in map.Entries)
        {
            if (keyNode is not YamlScalar key)
            {
                Report(
                    keyNode,
                    $"a key must be a word, is {keyNode.Kind}; allowed in {what}: {Listed(keys)}"
                );
            }
            else if (!keys.Contains(key.Value))
            {
                string hint =
                    problems.Count < HintedProblems ? Wording.DidYouMean(key.Value, keys) : "";
                Report(
                    key,
                    $"unknown key {Wording.Quote(key.Value)}{hint}; allowed in {what}: {Listed(keys)}"
                );
            }
            else if (!_entries.TryAdd(key.Value, (key, value)))
            {
                Report(
                    key,
                    $"the key '{key.Value}' stands twice in {what} (first on line {_entries[key.Value].Key.Line})"
                );
            }
        }
    }

    /// <summary>A reader of the node's keys; null, with a problem, when the node is no mapping.</summary>
    public static MapReader? Of(
        YamlNode node,
        string what,
        IReadOnlyList<string> keys,
        List<ManifestProblem> problems
    )
    {
        if (node is YamlMap map)
        {
            return new MapReader(map, what, keys, problems);
        }
        problems.Add(
            new(node.Line, node.Column, $"{what} must have keys ({Listed(keys)}), is {node.Kind}")
        );
        return null;
    }

    /// <summary>True when the key is written, whatever its value.</summary>
    public bool Has(string key) => _entries.ContainsKey(key);

    /// <summary>Adds a problem at the key's value, or at the mapping where the key is absent.</summary>
    public void Report(string key, string text) => Report(Place(key), text);

    /// <summary>Adds a problem at the key itself.</summary>
    public void ReportKey(string key, string text) => Report(_entries[key].Key, text);

    /// <summary>Adds the problem that a key is missing, with a remark on what it is.</summary>
    public void ReportMissing(string key, string remark = "") =>
        Report(_map, $"{_what} needs the key '{key}'{remark}");

    /// <summary>The key's node; null when it is absent or empty (and then a problem if it is required or empty).</summary>
    public YamlNode? Node(string key, bool required = false)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            if (required)
            {
                ReportMissing(key);
            }
            return null;
        }
        if (entry.Value is YamlScalar { IsNull: true })
        {
            Report(entry.Key, $"'{key}' has no value; write one or leave the key out");
            return null;
        }
        return entry.Value;
    }

    /// <summary>The key's text, which is not blank and holds no control characters; null when absent or wrong.</summary>
    public string? Text(string key, bool required = false)
    {
        YamlNode? node = Node(key, required);
        switch (node)
        {
            case null:
                return null;
            case not YamlScalar:
                Report(node, $"'{key}' must be text, is {node.Kind}");
                return null;
            case YamlScalar { Value: var value } when string.IsNullOrWhiteSpace(value):
                Report(node, $"'{key}' is blank");
                return null;
            case YamlScalar { Value: { Length: > LongestText } value }:
                Report(node, $"'{key}' is longer than {LongestText} characters");
                return null;
            case YamlScalar { Value: var value } when value.Any(char.IsControl):
                Report(
                    node,
                    $"'{key}' holds a line break or another control character: {Wording.Quote(value)}"
                );
                return null;
            case YamlScalar { Value: var value }:
                return value;
        }
    }

    /// <summary>The key's text where it satisfies the rule; null when absent or wrong.</summary>
    /// <param name="key">The key.</param>
    /// <param name="rule">Gives what is wrong with the text, or null.</param>
    /// <param name="required">Whether an absent key is a problem.</param>
    public string? Text(string key, Func<string, string?> rule, bool required = false)
    {
        string? text = Text(key, required);
        if (text is null || rule(text) is not { } wrong)
        {
            return text;
        }
        Report(key, $"'{key}' {wrong}");
        return null;
    }

    /// <summary>One of a few words; null when absent or wrong.</summary>
    public string? OneOf(string key, IReadOnlyList<string> allowed) =>
        Text(
            key,
            text =>
                allowed.Contains(text)
                    ? null
                    : $"is {Wording.Quote(text)}{Wording.DidYouMean(text, allowed)}; allowed: {Listed(allowed)}"
        );

    /// <summary>A positive whole number, unquoted digits; null when absent or wrong.</summary>
    public long? Positive(string key, bool required = false)
    {
        YamlNode? node = Node(key, required);
        if (node is null)
        {
            return null;
        }
        if (
            node is YamlScalar { IsPlain: true } scalar
            && long.TryParse(
                scalar.Value,
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out long number
            )
            && number > 0
        )
        {
            return number;
        }
        Report(node, $"'{key}' must be a positive whole number (digits only), is {node.Kind}");
        return null;
    }

    /// <summary>A truth value; null when absent or wrong.</summary>
    public bool? Truth(string key)
    {
        switch (Node(key))
        {
            case null:
                return null;
            case YamlScalar { IsPlain: true, Value: "true" or "True" or "TRUE" }:
                return true;
            case YamlScalar { IsPlain: true, Value: "false" or "False" or "FALSE" }:
                return false;
            case var node:
                Report(node, $"'{key}' must be true or false, is {node.Kind}");
                return null;
        }
    }

    /// <summary>A list with something in it; null when absent or wrong.</summary>
    public IReadOnlyList<YamlNode>? List(string key, bool required = false)
    {
        YamlNode? node = Node(key, required);
        switch (node)
        {
            case null:
                return null;
            case YamlList { Items.Count: > 0 } list:
                return list.Items;
            case YamlList:
                Report(node, $"'{key}' is an empty list; it needs at least one entry");
                return null;
            default:
                Report(
                    node,
                    $"'{key}' must be a list (lines that begin with '- '), is {node.Kind}"
                );
                return null;
        }
    }

    private YamlNode Place(string key) =>
        _entries.TryGetValue(key, out var entry) ? entry.Value : _map;

    private void Report(YamlNode node, string text) =>
        _problems.Add(new(node.Line, node.Column, text));

    private static string Listed(IReadOnlyList<string> words) => string.Join(", ", words);
}
