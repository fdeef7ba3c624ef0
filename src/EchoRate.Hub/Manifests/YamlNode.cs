using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EchoRate.Hub.Manifests;

/// <summary>A value of a manifest as it is written: a word, a list or a mapping.</summary>
/// <param name="Event">Its beginning, as YamlDotNet's parser saw it.</param>
internal sealed record YamlNode(NodeEvent Event)
{
    // A manifest is seven deep: file, models, model, files, file, parts, part.
    private const int DeepestAllowed = 16;

    /// <summary>What a list holds.</summary>
    public List<YamlNode> Items { get; } = [];

    /// <summary>What a mapping holds, a key that stands twice included.</summary>
    public List<(Scalar Key, YamlNode Value)> Pairs { get; } = [];

    public Mark Start => Event.Start;

    public bool IsNull =>
        Event
            is Scalar { Style: ScalarStyle.Plain, Value: "" or "~" or "null" or "Null" or "NULL" };

    /// <summary>What it is, for people.</summary>
    public string Kind =>
        Event switch
        {
            MappingStart => "keys with values",
            SequenceStart => "a list",
            _ when IsNull => "nothing",
            Scalar { Style: ScalarStyle.Plain } plain => "the text " + Wording.Quote(plain.Value),
            _ => "the quoted text " + Wording.Quote(((Scalar)Event).Value),
        };

    /// <summary>The only document of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problems">Whose manifest it is.</param>
    /// <param name="whereNothing">What to do where the text holds nothing.</param>
    /// <exception cref="ManifestException">It is no YAML, or YAML that a manifest never needs.</exception>
    public static YamlNode Read(string text, YamlProblems problems, string whereNothing)
    {
        var reader = new Reader(text, problems);
        try
        {
            if (reader.ReadDocument() is { IsNull: false } document)
            {
                return document;
            }
        }
        catch (YamlException e)
        {
            throw reader.Explain(e.Start, char.ToLowerInvariant(e.Message[0]) + e.Message[1..]);
        }
        // YamlDotNet 16.3 throws these, which name no place, for some broken texts ("a: [1, 2", next line "b: 3").
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw reader.Explain(null, "this is not YAML");
        }
        var what =
            string.IsNullOrWhiteSpace(text) ? "the file is empty"
            : reader.HasDocument ? "the file holds nothing"
            : "the file holds only comments";
        throw problems.Fatal(Mark.Empty, $"{what}; {whereNothing}");
    }

    // The scanner's time grows with the square of the depth. Without aliases a small text cannot unfold into a large object.
    private sealed class Reader(string text, YamlProblems problems)
    {
        private readonly Parser _parser = new(
            new Scanner(new StringReader(text), skipComments: true)
        );
        private NodeEvent? _bracket;
        private int _depth;

        public bool HasDocument { get; private set; }

        public YamlNode? ReadDocument()
        {
            YamlNode? document = null;
            while (_parser.MoveNext())
            {
                if (_parser.Current is DocumentStart start)
                {
                    Refuse(HasDocument, start, "a second document begins; a manifest is one");
                    HasDocument = true;
                    document = ReadNode(Next());
                }
            }
            return document;
        }

        // Where a bracket is open, what the scanner stumbles over is most often the bracket's missing end.
        public ManifestException Explain(Mark? place, string message)
        {
            var open = _bracket is null
                ? ""
                : $"; is the '{(_bracket is MappingStart ? '{' : '[')}' of line {_bracket.Start.Line}, column {_bracket.Start.Column} closed?";
            return problems.Fatal(
                place ?? _bracket?.Start ?? _parser.Current?.End ?? Mark.Empty,
                Wording.Plain(message.TrimEnd('.')) + open
            );
        }

        private ParsingEvent Next() =>
            _parser.MoveNext() ? _parser.Current! : throw new InvalidOperationException();

        private YamlNode ReadNode(ParsingEvent begin)
        {
            const string written = "not used in a manifest; write the value out";
            Refuse(begin is AnchorAlias, begin, $"aliases (*name) are {written}");
            // YamlDotNet 16.3 closes some broken mappings between a key and its value.
            Refuse(begin is not NodeEvent, begin, "a value is missing before this place");
            var node = new YamlNode((NodeEvent)begin);
            Refuse(!node.Event.Anchor.IsEmpty, begin, $"anchors (&name) are {written}");
            // YamlDotNet gives text in quotes the tag "!" of its own accord.
            Refuse(
                node.Event.Tag is { IsEmpty: false, IsNonSpecific: false },
                begin,
                "tags (!name) are not used in a manifest"
            );
            if (begin is Scalar)
            {
                return node;
            }
            Refuse(
                _depth == DeepestAllowed,
                begin,
                $"nested deeper than {DeepestAllowed} levels; a manifest is 7 deep"
            );
            var outer = _bracket;
            _depth++;
            if (
                begin
                is MappingStart { Style: MappingStyle.Flow }
                    or SequenceStart { Style: SequenceStyle.Flow }
            )
            {
                _bracket = node.Event;
            }
            for (var next = Next(); next is not (MappingEnd or SequenceEnd); next = Next())
            {
                if (begin is SequenceStart)
                {
                    node.Items.Add(ReadNode(next));
                    continue;
                }
                var key = ReadKey(next);
                node.Pairs.Add((key, ReadNode(Next())));
            }
            _depth--;
            _bracket = outer;
            return node;
        }

        private Scalar ReadKey(ParsingEvent next)
        {
            if (next is NodeEvent and not Scalar)
            {
                var kind = new YamlNode((NodeEvent)next).Kind;
                throw problems.Fatal(next.Start, $"a key must be a word, is {kind}");
            }
            return (Scalar)ReadNode(next).Event;
        }

        private void Refuse(bool isWrong, ParsingEvent at, string what)
        {
            if (isWrong)
            {
                throw problems.Fatal(at.Start, what);
            }
        }
    }
}

/// <summary>What is wrong in a manifest, as far as it was read.</summary>
/// <param name="file">The manifest's path.</param>
internal sealed class YamlProblems(string file)
{
    private readonly List<ManifestProblem> _problems = [];

    public bool IsWrong => _problems.Count > 0;

    public void Report(Mark place, string problem) => _problems.Add(Problem(place, problem));

    /// <summary>A problem that ends the reading at once.</summary>
    public ManifestException Fatal(Mark place, string problem) =>
        new(file, [Problem(place, problem)]);

    /// <summary>Ends the reading where a problem was found.</summary>
    public void ThrowIfWrong()
    {
        if (IsWrong)
        {
            var inOrder = _problems.OrderBy(problem => (problem.Line, problem.Column));
            throw new ManifestException(file, [.. inOrder]);
        }
    }

    private static ManifestProblem Problem(Mark place, string text) =>
        new((int)Math.Max(1, place.Line), (int)Math.Max(1, place.Column), text);
}
