using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace EchoRate.Hub.Manifests;

/// <summary>YamlDotNet's parser, which here refuses what a manifest never needs: a small text cannot unfold, nor be nested deeply.</summary>
internal sealed class PlainYaml(string text) : IParser
{
    // A manifest is seven deep: file, models, model, files, file, parts, part. The scanner's time grows with the square of the depth.
    private const int DeepestAllowed = 16;

    private const string Written = "not used in a manifest; write the value out";

    private readonly Parser _parser = new(new Scanner(new StringReader(text), skipComments: true));
    private int _documents;
    private int _depth;

    public ParsingEvent? Current => _parser.Current;

    public bool MoveNext()
    {
        if (!_parser.MoveNext())
        {
            return false;
        }
        _depth += Current is NodeEvent or MappingEnd or SequenceEnd ? Current.NestingIncrease : 0;
        var wrong = Current switch
        {
            DocumentStart when _documents++ > 0 => "a second document begins; a manifest is one",
            AnchorAlias => $"aliases (*name) are {Written}",
            NodeEvent { Anchor.IsEmpty: false } => $"anchors (&name) are {Written}",
            // YamlDotNet gives text in quotes the tag "!" of its own accord.
            NodeEvent { Tag: { IsEmpty: false, IsNonSpecific: false } } =>
                "tags (!name) are not used in a manifest",
            _ when _depth > DeepestAllowed =>
                $"nested deeper than {DeepestAllowed} levels; a manifest is 7 deep",
            _ => null,
        };
        return wrong is null ? true : throw new YamlException(Current!.Start, Current.End, wrong);
    }

    /// <summary>The root of the only document of a text; a text that holds nothing is refused with what to do then.</summary>
    /// <exception cref="ManifestException">It is no YAML, or YAML that a manifest never needs.</exception>
    public static YamlNode Read(string text, string path, string whereNothing)
    {
        var parser = new PlainYaml(text);
        var stream = new YamlStream();
        try
        {
            stream.Load(parser);
        }
        catch (YamlException e)
        {
            var message = char.ToLowerInvariant(e.Message[0]) + e.Message[1..].TrimEnd('.');
            throw new ManifestException(path, e.Start, Wording.Plain(message));
        }
        // YamlDotNet 16.3 throws these, which name no place, for some broken texts ("a: [1, 2", next line "b: 3").
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            throw new ManifestException(
                path,
                parser.Current?.End ?? Mark.Empty,
                "this is not YAML; is every bracket before this place closed?"
            );
        }
        return stream.Documents is [{ RootNode: var root }] && !YamlMap.IsNull(root)
            ? root
            : throw new ManifestException(
                path,
                Mark.Empty,
                $"the file holds nothing; {whereNothing}"
            );
    }
}
