using System.Globalization;
using System.Text;

namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>A CSV file read by the letter of RFC 4180, without the library that wrote it.</summary>
internal sealed class CsvFile
{
    private CsvFile(string[] columns, IReadOnlyList<CsvRow> rows) =>
        (Columns, Rows) = (columns, rows);

    /// <summary>The header.</summary>
    public string[] Columns { get; }

    /// <summary>The rows below it.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>Reads a file, which must end every line with CRLF.</summary>
    public static CsvFile Read(string path, char separator = ',')
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true)
            .GetString(File.ReadAllBytes(path))
            .TrimStart('\ufeff');
        var lines = Parse(text, separator);
        var columns = lines[0];
        return new CsvFile(
            columns,
            [
                .. lines
                    .Skip(1)
                    .Select(line =>
                    {
                        Assert.Equal(columns.Length, line.Length);
                        return new CsvRow(
                            columns.Zip(line).ToDictionary(cell => cell.First, cell => cell.Second)
                        );
                    }),
            ]
        );
    }

    private static List<string[]> Parse(string text, char separator)
    {
        List<string[]> lines = [];
        List<string> line = [];
        for (var at = 0; at < text.Length; )
        {
            line.Add(Field(text, separator, ref at));
            if (text[at] == separator)
            {
                at++;
                continue;
            }
            Assert.Equal("\r\n", text.Substring(at, 2));
            at += 2;
            lines.Add([.. line]);
            line.Clear();
        }
        return lines;
    }

    private static string Field(string text, char separator, ref int at)
    {
        if (text[at] != '"')
        {
            var end = text.IndexOfAny([separator, '\r'], at);
            var plain = text[at..end];
            Assert.DoesNotContain('"', plain);
            Assert.DoesNotContain('\n', plain);
            at = end;
            return plain;
        }
        var field = new StringBuilder();
        for (at++; ; at++)
        {
            if (text[at] == '"' && text[++at] != '"')
            {
                return field.ToString();
            }
            field.Append(text[at]);
        }
    }
}

/// <summary>A row, by column.</summary>
internal sealed class CsvRow(Dictionary<string, string> cells)
{
    /// <summary>The cells with their columns.</summary>
    public IReadOnlyDictionary<string, string> Cells => cells;

    /// <summary>A cell as it stands in the file.</summary>
    public string this[string column] => cells[column];

    /// <summary>A cell as a number; null where it is empty.</summary>
    public double? Number(string column) =>
        cells[column].Length == 0
            ? null
            : double.Parse(cells[column], NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>A cell of ids in brackets.</summary>
    public int[] Ids(string column)
    {
        var cell = cells[column];
        Assert.StartsWith("[", cell);
        Assert.EndsWith("]", cell);
        return
        [
            .. cell[1..^1]
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The bytes of a cell like <c>0x204a6f686e</c>, as text.</summary>
    public string HexText(string column)
    {
        Assert.StartsWith("0x", cells[column]);
        return Encoding.UTF8.GetString(Convert.FromHexString(cells[column][2..]));
    }
}
