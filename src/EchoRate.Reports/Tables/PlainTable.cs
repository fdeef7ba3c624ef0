using System.Text;

namespace EchoRate.Reports.Tables;

/// <summary>A table of plain texts, for lists that are no measurements.</summary>
public static class PlainTable
{
    /// <summary>The table, lines ending in a line feed.</summary>
    /// <param name="headers">The column headers.</param>
    /// <param name="right">Columns that are flush right: numbers.</param>
    /// <param name="leading">How many columns are repeated where the table is wider than the terminal.</param>
    /// <param name="rows">The cells, as many in each row as there are headers.</param>
    /// <param name="style">The terminal's width and colours.</param>
    public static string Render(
        IReadOnlyList<string> headers,
        int[] right,
        int leading,
        IEnumerable<IReadOnlyList<string>> rows,
        TableStyle style
    )
    {
        ArgumentNullException.ThrowIfNull(rows);
        var table = new PipeTable(headers, leading).AlignRight(right);
        foreach (var row in rows)
        {
            table.Add([.. row.Select(text => new TableCell(text))]);
        }
        var text = new StringBuilder();
        table.Render(text, style);
        return text.ToString();
    }
}
