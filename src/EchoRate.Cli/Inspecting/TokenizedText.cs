using System.Text;
using EchoRate.Core.Arms;
using EchoRate.Core.Engine;
using EchoRate.Core.Models;
using EchoRate.Core.Text;
using EchoRate.Core.Tokens;
using EchoRate.Gguf;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using EchoRate.Reports.Screen;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Cli.Inspecting;

/// <summary>A text as a run would feed it: no BOS added, and no special token read out of it but one that the file marks as user-defined.</summary>
internal sealed class TokenizedText(
    GgufFile file,
    ModelFacts facts,
    IVocabulary vocabulary,
    byte[] utf8
)
{
    private readonly int[] _ids = vocabulary.Tokenize(utf8);

    // The one token that is measured where the text is an item.
    private readonly FoundToken _item = new TokenFinder(
        vocabulary,
        facts.AddSpacePrefix ?? false
    ).Find(utf8);

    private readonly ArmPrefix[] _arms =
    [
        .. Arm.Default.SelectMany(arm => ArmPrefix.Resolve(arm, facts, vocabulary)),
    ];

    /// <summary>Scripts hold on to the fields: docs/inspect-and-tokenize.md lists them.</summary>
    public object ToJson() =>
        new
        {
            file.Path,
            Text = Encoding.UTF8.GetString(utf8),
            Ids = _ids,
            Pieces = _ids.Select(Piece),
            Hex = _ids.Select(Hex),
            Arms = _arms.Select(arm => new
            {
                Arm = arm.Arm.Name,
                PrefixId = arm.Token?.Id,
                PrefixPiece = arm.Token is { } token ? PieceNotation.Format(token.Bytes) : null,
                InputIds = arm.Missing is null ? arm.Ids.Concat(_ids) : null,
                Reason = arm.Missing,
            }),
            BosKind = EnumWords.Of(facts.BosKind ?? BosKind.None),
            ItemId = _item.Token?.Id,
            ItemReason = _item.Reason,
            Notes = Notes(),
        };

    /// <summary>A table of tokens, then what each arm feeds, then what should be known; lines end in a line feed.</summary>
    public string ToText(TableStyle style)
    {
        var text = new StringBuilder();
        if (_ids.Length > 0)
        {
            var table = DataTable.Of(
                "",
                _ids.Index(),
                [
                    (Number("Token"), token => $"{token.Index + 1}"),
                    (Number("Id"), token => $"{token.Item}"),
                    ("Piece", token => new DataCell(Piece(token.Item), IsPiece: true)),
                    ("Bytes", token => Hex(token.Item)),
                ]
            );
            text.Append(ScreenTable.Render(table, style)).Append('\n');
        }
        foreach (var arm in _arms)
        {
            Line(
                arm.Arm.Name,
                arm.Missing is { } reason
                    ? "no BOS: " + reason
                    : $"[{string.Join(' ', arm.Ids.Concat(_ids))}]"
            );
        }
        Line(
            "as an item",
            _item.Token?.Id is { } known
                ? $"measured: token {known} alone has these bytes"
                : "not measured: " + _item.Reason
        );
        foreach (var note in Notes())
        {
            Line("note", note.Message);
        }
        return text.ToString();

        void Line(string label, string value) => text.Append($"{label, -12}{value}\n");
    }

    private string Piece(int id) => PieceNotation.Format(vocabulary.Piece(id).Span);

    private string Hex(int id) => "0x" + Convert.ToHexStringLower(vocabulary.Piece(id).Span);

    private IEnumerable<Remark> Notes()
    {
        if (facts.SpacePrefixForced)
        {
            yield return new Remark(
                RowFlags.SpacePrefixForced,
                "add_space_prefix is forced to false: a Gemma file that lacks the key, which llama.cpp takes for true."
            );
        }
        var back = vocabulary.Join(_ids);
        if (back.AsSpan() is [(byte)' ', .. var rest] && rest.SequenceEqual(utf8))
        {
            yield return new Remark(
                "space_prefix_added",
                "This file's tokenizer puts a space in front of the text; an item that begins with a space is fed without its own."
            );
        }
        // A tokenizer that folds case, strips spaces, or lacks characters.
        else if (!back.AsSpan().SequenceEqual(utf8))
        {
            yield return new Remark(
                "bytes_differ",
                $"The text does not come back from its tokens: {PieceNotation.Format(back)}."
            );
        }
        if (facts.BosToken is { } bos && _ids.Contains(bos))
        {
            yield return new Remark(
                RowFlags.BosInText,
                "The text holds BOS itself: the file marks that token as user-defined, and llama.cpp reads such tokens in any text."
            );
        }
        if (_ids.Length == 0)
        {
            yield return new Remark(
                "no_tokens",
                "The text has no tokens: a run would not feed it."
            );
        }
        if (file.Problems.Any(problem => problem.Code == GgufProblemCode.NoTensors))
        {
            yield return new Remark("no_tensors", Remark.VocabularyOnly);
        }
    }
}
