using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;
using static EchoRate.Hub.Manifests.YamlKinds;

namespace EchoRate.Hub.Manifests;

/// <summary>
/// Stands between YamlDotNet's parser and its deserializer: refuses YAML that a manifest never needs, collects wrong keys and wrong kinds of
/// values, and remembers where everything stands.
/// </summary>
/// <remarks>
/// The deserializer recurses without limit: 20,000 nested brackets would end the process with a stack overflow, and the scanner's time grows with
/// the square of the depth. Without aliases a small text cannot unfold into a large object.
/// </remarks>
internal sealed class CheckedYaml(string text, Dictionary<Type, YamlKeys> kinds, YamlPlaces places)
    : IParser,
        INodeDeserializer
{
    // A manifest is seven deep: file, models, model, files, file, parts, part.
    private const int DeepestAllowed = 16;

    private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));
    private readonly Stack<Level> _open = new();
    private string _path = "";
    private bool _hasDocument;

    public ParsingEvent? Current => _parser.Current;

    /// <summary>The only document. What is wrong in it is null there, and the places tell.</summary>
    public T Read<T>(string whereNothing)
        where T : class
    {
        var reader = new DeserializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .IncludeNonPublicProperties()
            .IgnoreUnmatchedProperties()
            .WithNodeDeserializer(this, where => where.OnTop())
            .Build();
        try
        {
            if (reader.Deserialize<T>(this) is { } read)
            {
                return read;
            }
        }
        catch (YamlException e) when (e.InnerException is ManifestException refused)
        {
            throw refused;
        }
        catch (YamlException e) when (e.InnerException is null)
        {
            throw Explain(e.Start, char.ToLowerInvariant(e.Message[0]) + e.Message[1..]);
        }
        // YamlDotNet 16.3 throws these, which name no place, for some broken texts ("a: [1, 2", next line "b: 3").
        catch (Exception e)
            when (e is YamlException or InvalidOperationException or ArgumentException)
        {
            var place = _open.FirstOrDefault(level => level.IsFlow)?.Start;
            throw Explain(place ?? Current?.End ?? Mark.Empty, "this is not YAML");
        }
        places.ThrowIfWrong();
        var what =
            string.IsNullOrWhiteSpace(text) ? "the file is empty"
            : _hasDocument ? "the file holds nothing"
            : "the file holds only comments";
        throw places.Fatal(Mark.Empty, $"{what}; {whereNothing}");
    }

    public bool MoveNext()
    {
        if (!_parser.MoveNext())
        {
            return false;
        }
        switch (_parser.Current)
        {
            case DocumentStart start:
                Refuse(_hasDocument, start, "a second document begins; a manifest is one");
                _hasDocument = true;
                break;
            case AnchorAlias alias:
                Refuse(
                    true,
                    alias,
                    "aliases (*name) are not used in a manifest; write the value out"
                );
                break;
            case NodeEvent node:
                Enter(node);
                break;
            // YamlDotNet 16.3 closes some broken mappings between a key and its value.
            case MappingEnd end:
                Refuse(_open.Pop().Key is not null, end, "a value is missing before this place");
                break;
            case SequenceEnd:
                _open.Pop();
                break;
        }
        return true;
    }

    /// <summary>Checks a value's kind before the library reads it. A wrong one is reported, and read as absent.</summary>
    public bool Deserialize(
        IParser reader,
        Type expectedType,
        Func<IParser, Type, object?> nestedObjectDeserializer,
        out object? value,
        ObjectDeserializer rootDeserializer
    )
    {
        var node = (NodeEvent)Current!;
        value = NumberOf(node);
        var isNumber = (Nullable.GetUnderlyingType(expectedType) ?? expectedType) == typeof(long);
        var isNothing = _path.Length == 0 && IsNull(node);
        if (!isNothing && WrongKind(node, expectedType) is { } wrong)
        {
            places.Report(wrong.Place, wrong.Text);
            value = null;
        }
        else if (expectedType.IsInterface)
        {
            // IReadOnlyList, which the library does not know how to make.
            var list = typeof(List<>).MakeGenericType(expectedType.GenericTypeArguments);
            value = nestedObjectDeserializer(reader, list);
            return true;
        }
        else if (!isNumber && !isNothing)
        {
            return false;
        }
        reader.SkipThisAndNestedEvents();
        return true;
    }

    private void Enter(NodeEvent node)
    {
        Refuse(
            !node.Anchor.IsEmpty,
            node,
            "anchors (&name) are not used in a manifest; write the value out"
        );
        // YamlDotNet gives text in quotes the tag "!" of its own accord.
        Refuse(
            !node.Tag.IsEmpty && !node.Tag.IsNonSpecific,
            node,
            "tags (!name) are not used in a manifest"
        );
        if (_open.TryPeek(out var level) && level is { IsMap: true, Key: null })
        {
            EnterKey(level, node);
            return;
        }
        _path =
            level is null ? ""
            : level.IsMap ? YamlPlaces.At(level.Path, level.Key!)
            : $"{level.Path}[{level.Count++}]";
        places.Add(_path, node.Start);
        level?.Key = null;
        if (node is not Scalar)
        {
            Refuse(
                _open.Count == DeepestAllowed,
                node,
                $"nested deeper than {DeepestAllowed} levels; a manifest is 7 deep"
            );
            _open.Push(new Level(_path, node));
        }
    }

    private void EnterKey(Level level, NodeEvent node)
    {
        var allowed = level.Keys is { } keys ? $"; allowed in {keys.What}: {keys.Listed}" : "";
        if (node is not Scalar { Value: var key })
        {
            throw places.Fatal(node.Start, $"a key must be a word, is {KindOf(node)}{allowed}");
        }
        level.Key = key;
        if (level.Keys is null)
        {
            return;
        }
        if (!level.Keys.Keys.Contains(key))
        {
            var hint = Wording.DidYouMean(key, level.Keys.Keys);
            places.Report(node.Start, $"unknown key {Wording.Quote(key)}{hint}{allowed}");
        }
        else
        {
            var again = $"the key '{key}' stands twice in {level.Keys.What}";
            places.AddKey(YamlPlaces.At(level.Path, key), node.Start, again);
        }
    }

    private (Mark Place, string Text)? WrongKind(NodeEvent node, Type expected)
    {
        var key = _path[(_path.LastIndexOf('.') + 1)..];
        if (IsNull(node) && places.KeyOf(_path) is { } place)
        {
            return (place, $"'{key}' has no value; write one or leave the key out");
        }
        var kind = KindOf(node);
        var type = Nullable.GetUnderlyingType(expected) ?? expected;
        if (kinds.TryGetValue(type, out var keys))
        {
            if (node is not MappingStart)
            {
                return (node.Start, $"{keys.What} must have keys ({keys.Listed}), is {kind}");
            }
            _open.Peek().Keys = keys;
            return null;
        }
        var wrong =
            type == typeof(string) ? WrongText(node)
            : type == typeof(long)
                ? NumberOf(node) is null
                        ? $"must be a positive whole number (digits only), is {kind}"
                    : null
            : type == typeof(bool)
                ? node is Scalar { Style: ScalarStyle.Plain, Value: var word }
                    && bool.TryParse(word, out _)
                        ? null
                    : $"must be true or false, is {kind}"
            : node is SequenceStart ? null
            : $"must be a list (lines that begin with '- '), is {kind}";
        return wrong is null ? null : (node.Start, $"'{key}' {wrong}");
    }

    // Where a bracket is open, what the scanner stumbles over is most often the bracket's missing end.
    private ManifestException Explain(Mark place, string message)
    {
        var bracket = _open.FirstOrDefault(level => level.IsFlow);
        var open = bracket is null
            ? ""
            : $"; is the '{(bracket.IsMap ? '{' : '[')}' of line {bracket.Start.Line}, column {bracket.Start.Column} closed?";
        return places.Fatal(place, Wording.Plain(message.TrimEnd('.')) + open);
    }

    private void Refuse(bool isWrong, ParsingEvent at, string text)
    {
        if (isWrong)
        {
            throw places.Fatal(at.Start, text);
        }
    }

    // A list or a mapping that is being read.
    private sealed class Level(string path, NodeEvent node)
    {
        public string Path => path;
        public Mark Start => node.Start;
        public bool IsMap => node is MappingStart;
        public bool IsFlow =>
            node
                is MappingStart { Style: MappingStyle.Flow }
                    or SequenceStart { Style: SequenceStyle.Flow };
        public YamlKeys? Keys { get; set; }
        public string? Key { get; set; }
        public int Count { get; set; }
    }
}
