using System.Globalization;
using EchoRate.Hub.Manifests;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EchoRate.Hub.Reading;

/// <summary>
/// Turns text into a tree of nodes from YamlDotNet's event parser, refusing what a manifest never needs.
/// </summary>
/// <remarks>
/// YamlDotNet's own tree and its deserializer recurse without limit: 20,000 nested brackets end the process with a
/// stack overflow that nothing can catch, and its scanner's time grows with the square of the depth. The event parser
/// is a state machine, so the limit is kept here, while the events arrive. Anchors, aliases and tags are refused:
/// without aliases a small text cannot unfold into a large tree.
/// </remarks>
internal sealed class YamlTree
{
    // A manifest is seven deep: file, models, model, files, file, parts, part.
    private const int DeepestAllowed = 16;

    private readonly Parser _parser;
    private readonly Stack<NodeEvent> _open = new();

    private YamlTree(string text) =>
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));

    /// <summary>The only document's root; null when the text holds no document.</summary>
    /// <exception cref="ManifestException">Text that is not YAML, or YAML that a manifest must not hold.</exception>
    public static YamlNode? Read(string text, string path)
    {
        YamlTree tree = new(text);
        try
        {
            return tree.ReadStream();
        }
        catch (YamlProblemException problem)
        {
            throw new ManifestException(path, problem.Problem);
        }
        catch (YamlException problem)
        {
            throw new ManifestException(path, tree.Explain(problem.Start, problem.Message));
        }
        // YamlDotNet 16.3 throws these, which name no place, for some broken texts ("a: [1, 2", next line "b: 3").
        catch (Exception problem) when (problem is InvalidOperationException or ArgumentException)
        {
            throw new ManifestException(path, tree.Explain(tree.LastPlace, "this is not YAML"));
        }
    }

    private Mark LastPlace =>
        _open.FirstOrDefault(IsFlow)?.Start ?? _parser.Current?.End ?? Mark.Empty;

    private YamlNode? ReadStream()
    {
        Next();
        if (Next() is StreamEnd)
        {
            return null;
        }
        YamlNode root = ReadNode(Next());
        Next();
        return Next() is StreamEnd
            ? root
            : throw Refuse(_parser.Current!, "a second document begins; a manifest is one");
    }

    private YamlNode ReadNode(ParsingEvent start)
    {
        if (start is AnchorAlias)
        {
            throw Refuse(start, "aliases (*name) are not used in a manifest; write the value out");
        }
        // YamlDotNet 16.3 closes some broken mappings between a key and its value.
        if (start is not NodeEvent node)
        {
            throw Refuse(start, "a value is missing before this place");
        }
        if (!node.Anchor.IsEmpty)
        {
            throw Refuse(start, "anchors (&name) are not used in a manifest; write the value out");
        }
        // YamlDotNet gives text in quotes the tag "!" of its own accord.
        if (!node.Tag.IsEmpty && !node.Tag.IsNonSpecific)
        {
            throw Refuse(start, "tags (!name) are not used in a manifest");
        }
        if (node is Scalar scalar)
        {
            return new YamlScalar(
                Line(start),
                Column(start),
                scalar.Value,
                scalar.Style == ScalarStyle.Plain
            );
        }
        if (_open.Count == DeepestAllowed)
        {
            throw Refuse(
                start,
                $"nested deeper than {DeepestAllowed} levels; a manifest is 7 deep"
            );
        }
        _open.Push(node);
        YamlNode collection = node is MappingStart ? ReadMap(start) : ReadList(start);
        _open.Pop();
        return collection;
    }

    private YamlList ReadList(ParsingEvent start)
    {
        List<YamlNode> items = [];
        while (Next() is var item and not SequenceEnd)
        {
            items.Add(ReadNode(item));
        }
        return new YamlList(Line(start), Column(start), items);
    }

    private YamlMap ReadMap(ParsingEvent start)
    {
        List<(YamlNode, YamlNode)> entries = [];
        while (Next() is var key and not MappingEnd)
        {
            entries.Add((ReadNode(key), ReadNode(Next())));
        }
        return new YamlMap(Line(start), Column(start), entries);
    }

    private ParsingEvent Next() =>
        _parser.MoveNext()
            ? _parser.Current!
            : throw new InvalidOperationException("the text ended early");

    // Where a bracket is open, whatever the scanner stumbles over is most often the bracket's missing end.
    private ManifestProblem Explain(Mark place, string message)
    {
        NodeEvent? bracket = _open.FirstOrDefault(IsFlow);
        string open =
            bracket is null ? ""
            : bracket is MappingStart ? $"; is the '{{' of {At(bracket)} closed?"
            : $"; is the '[' of {At(bracket)} closed?";
        string text =
            message.Length == 0
                ? "this is not YAML"
                : char.ToLowerInvariant(message[0]) + message[1..];
        return new ManifestProblem(
            (int)Math.Max(1, place.Line),
            (int)Math.Max(1, place.Column),
            Wording.Plain(text.TrimEnd('.')) + open
        );
    }

    private static bool IsFlow(NodeEvent node) =>
        node
            is MappingStart { Style: MappingStyle.Flow }
                or SequenceStart { Style: SequenceStyle.Flow };

    private static string At(ParsingEvent node) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"line {node.Start.Line}, column {node.Start.Column}"
        );

    private static int Line(ParsingEvent node) => (int)node.Start.Line;

    private static int Column(ParsingEvent node) => (int)node.Start.Column;

    private static YamlProblemException Refuse(ParsingEvent node, string text) =>
        new(new ManifestProblem(Line(node), Column(node), text));

    private sealed class YamlProblemException(ManifestProblem problem) : Exception(problem.Text)
    {
        public ManifestProblem Problem => problem;
    }
}
