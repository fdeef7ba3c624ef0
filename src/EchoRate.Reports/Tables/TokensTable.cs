using System.Globalization;
using System.Text;

namespace EchoRate.Reports.Tables;

/// <summary>The tokens of a text, one a line: place, id, piece, bytes.</summary>
public static class TokensTable
{
    /// <summary>Renders the table.</summary>
    /// <param name="ids">The ids.</param>
    /// <param name="pieces">Their bytes in piece form.</param>
    /// <param name="hex">Their bytes in hexadecimal.</param>
    /// <param name="style">The layout.</param>
    public static string Render(
        IReadOnlyList<int> ids,
        IReadOnlyList<string> pieces,
        IReadOnlyList<string> hex,
        TableStyle style
    )
    {
        var table = new PipeTable(["Token", "Id", "Piece", "Bytes"], leading: 2).AlignRight(0, 1);
        for (var i = 0; i < ids.Count; i++)
        {
            table.Add(
                (i + 1).ToString(CultureInfo.InvariantCulture),
                ids[i].ToString(CultureInfo.InvariantCulture),
                pieces[i].Replace("|", @"\x7c", StringComparison.Ordinal),
                hex[i]
            );
        }
        var text = new StringBuilder();
        table.Render(text, style);
        return text.ToString();
    }
}
