using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace EchoRate.Hub.Manifests;

/// <summary>What a mapping of a manifest is called, and its keys.</summary>
internal sealed record YamlKeys(string What, params string[] Keys)
{
    public string Listed => string.Join(", ", Keys);
}

/// <summary>A mapping of a manifest. It gives the values of its keys; the first that is wrong ends the reading, with its place.</summary>
internal sealed class YamlMap
{
    private const int LongestText = 4096;

    private readonly Dictionary<string, (Mark Key, YamlNode Value)> _values = [];
    private readonly Mark _start;
    private readonly YamlKeys _keys;
    private readonly string _path;

    private YamlMap(YamlNode node, YamlKeys keys, string path)
    {
        (_start, _keys, _path) = (node.Start, keys, path);
        var children = (node as YamlMappingNode)?.Children;
        foreach (
            var (key, value) in children
                ?? throw At(_start, $"{keys.What} must have keys ({keys.Listed}), is {Kind(node)}")
        )
        {
            _values[key is YamlScalarNode { Value: { } name } ? name : key.ToString()] = (
                key.Start,
                value
            );
        }
    }

    /// <summary>The line on which it begins.</summary>
    public long Line => _start.Line;

    /// <summary>Whether a value is written, and holds nothing.</summary>
    public static bool IsNull(YamlNode node) =>
        node
            is YamlScalarNode
            {
                Style: ScalarStyle.Plain,
                Value: "" or "~" or "null" or "Null" or "NULL"
            };

    /// <summary>The mapping that is the whole of a file, its <c>schema_version</c> checked.</summary>
    /// <exception cref="ManifestException">It is none, or of another version: what else is wrong then would only mislead.</exception>
    public static YamlMap Root(YamlNode node, YamlKeys keys, string path, long version)
    {
        var root = new YamlMap(node, keys, path);
        root.Require("schema_version");
        return root.Number("schema_version") is { } other && other != version
            ? throw root.Wrong(
                "schema_version",
                $"schema_version {other} is unknown; this program reads {version}"
            )
            : root.Checked();
    }

    /// <summary>Whether a key is written, whatever its value.</summary>
    public bool Has(string key) => _values.ContainsKey(key);

    /// <summary>A problem of a key's value, or of the mapping where the key is absent.</summary>
    public ManifestException Wrong(string key, string problem) =>
        At(_values.TryGetValue(key, out var pair) ? pair.Value.Start : _start, problem);

    /// <summary>A problem of a key itself.</summary>
    public ManifestException WrongKey(string key, string problem) => At(_values[key].Key, problem);

    /// <summary>Refuses the mapping where a key is missing, with a remark on what it is.</summary>
    public void Require(string key, string remark = "")
    {
        if (!Has(key))
        {
            throw Wrong(key, $"{_keys.What} needs the key '{key}'{remark}");
        }
    }

    /// <summary>A text that must be there.</summary>
    public string Required(string key, Func<string, string?>? rule = null)
    {
        Require(key);
        return Text(key, rule)!;
    }

    /// <summary>A text, held against a rule, which gives what is wrong, or null.</summary>
    public string? Text(string key, Func<string, string?>? rule = null)
    {
        if (Value(key) is not { } node)
        {
            return null;
        }
        var text = (node as YamlScalarNode)?.Value;
        var wrong =
            text is null ? $"must be text, is {Kind(node)}"
            : string.IsNullOrWhiteSpace(text) ? "is blank"
            : text.Length > LongestText ? $"is longer than {LongestText} characters"
            : text.Any(char.IsControl)
                ? $"holds a line break or another control character: {Wording.Quote(text)}"
            : rule?.Invoke(text);
        return wrong is null ? text : throw Wrong(key, $"'{key}' {wrong}");
    }

    /// <summary>A positive whole number.</summary>
    public long? Number(string key) =>
        Text(key, WrongNumber) is { } digits ? NumberIn(digits) : null;

    /// <summary>Whether a key says true.</summary>
    public bool Flag(string key) => Text(key, WrongFlag) is { } word && bool.Parse(word);

    /// <summary>A mapping under a key.</summary>
    public YamlMap? Map(string key, YamlKeys keys) =>
        Value(key) is { } node ? new YamlMap(node, keys, _path).Checked() : null;

    /// <summary>The mappings of a list that must be there and hold one at least.</summary>
    public IEnumerable<YamlMap> Maps(string key, YamlKeys keys)
    {
        Require(key);
        var node = Value(key);
        var items = (node as YamlSequenceNode)?.Children ?? [];
        return items.Count > 0
            ? items.Select(item => new YamlMap(item, keys, _path).Checked())
            : throw Wrong(
                key,
                node is YamlSequenceNode
                    ? $"'{key}' is an empty list; it needs at least one entry"
                    : $"'{key}' must be a list (lines that begin with '- '), is {Kind(node!)}"
            );
    }

    // Every key is one that it may have.
    private YamlMap Checked() =>
        _values.Keys.FirstOrDefault(key => !_keys.Keys.Contains(key)) is { } unknown
            ? throw WrongKey(
                unknown,
                $"unknown key {Wording.Quote(unknown)}; allowed in {_keys.What}: {_keys.Listed}"
            )
            : this;

    private ManifestException At(Mark place, string problem) => new(_path, place, problem);

    private static long? NumberIn(string digits) =>
        long.TryParse(digits, NumberStyles.None, null, out var number) && number > 0
            ? number
            : null;

    private static string? WrongNumber(string text) =>
        NumberIn(text) is null
            ? $"is {Wording.Quote(text)}; it must be a positive whole number (digits only)"
            : null;

    private static string? WrongFlag(string text) =>
        bool.TryParse(text, out _) ? null : $"is {Wording.Quote(text)}; it must be true or false";

    private static string Kind(YamlNode node) =>
        node switch
        {
            YamlMappingNode => "keys with values",
            YamlSequenceNode => "a list",
            _ when IsNull(node) => "nothing",
            _ => "the text " + Wording.Quote(((YamlScalarNode)node).Value!),
        };

    // The value of a key; one that is written and holds nothing is refused.
    private YamlNode? Value(string key) =>
        !_values.TryGetValue(key, out var pair) ? null
        : IsNull(pair.Value)
            ? throw WrongKey(key, $"'{key}' has no value; write one or leave the key out")
        : pair.Value;
}
