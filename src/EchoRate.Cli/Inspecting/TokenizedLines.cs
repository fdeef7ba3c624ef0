using System.Globalization;
using System.Text;
using EchoRate.Reports.Tables;

namespace EchoRate.Cli.Inspecting;

/// <summary>A tokenized text for people: a table of tokens, then what each arm feeds, then what should be known.</summary>
internal static class TokenizedLines
{
    /// <summary>The text, lines ending in a line feed.</summary>
    public static string Render(TokenizedText tokens, TableStyle style)
    {
        var text = new StringBuilder();
        if (tokens.Ids.Count > 0)
        {
            var rows = tokens.Ids.Select(
                (id, i) => (string[])[$"{i + 1}", $"{id}", tokens.Pieces[i], tokens.Hex[i]]
            );
            text.Append(
                    PlainTable.Render(["Token", "Id", "Piece", "Bytes"], [0, 1], 2, rows, style)
                )
                .Append('\n');
        }
        foreach (var arm in tokens.Arms)
        {
            Line(text, arm.Arm, arm.InputIds is { } ids ? List(ids) : "no BOS: " + arm.Reason);
        }
        Line(
            text,
            "as an item",
            tokens.ItemId is { } id
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"measured: token {id} alone has these bytes"
                )
                : "not measured: " + tokens.ItemReason
        );
        foreach (var note in tokens.Notes)
        {
            Line(text, "note", note.Message);
        }
        return text.ToString();
    }

    private static void Line(StringBuilder text, string label, string value) =>
        text.Append(label.PadRight(12)).Append(value).Append('\n');

    private static string List(IEnumerable<int> ids) =>
        $"[{string.Join(' ', ids.Select(id => id.ToString(CultureInfo.InvariantCulture)))}]";
}
