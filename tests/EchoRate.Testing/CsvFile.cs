namespace EchoRate.Testing;

/// <summary>A CSV file read by the letter of RFC 4180, without the library that wrote it.</summary>
public sealed class CsvFile
{
    private CsvFile(string[] columns, IReadOnlyList<CsvRow> rows) =>
        (Columns, Rows) = (columns, rows);

    /// <summary>The header.</summary>
    public string[] Columns { get; }

    /// <summary>The rows below it.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>The rows whose cells are so: <c>contrast=quant probe=echo</c>.</summary>
    public IReadOnlyList<CsvRow> Where(string cells) => Rows.Where(cells);

    /// <summary>Some cells of each row, with blanks between them.</summary>
    public IEnumerable<string> Tell(string columns) => Rows.Tell(columns);

    /// <summary>Reads a file, which must end every line with CRLF.</summary>
    public static CsvFile Read(string path, char separator = ',') =>
        Read(File.ReadAllBytes(path), separator);

    /// <summary>Reads a file's bytes, which must end every line with CRLF.</summary>
    public static CsvFile Read(byte[] bytes, char separator)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true)
            .GetString(bytes)
            .TrimStart('\ufeff');
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
            Must(text.AsSpan(at).StartsWith("\r\n"));
            at += 2;
            Must(lines.Count == 0 || line.Count == lines[0].Length);
            lines.Add([.. line]);
            line.Clear();
        }
        Must(line.Count == 0);
        return new CsvFile(lines[0], [.. lines.Skip(1).Select(row => new CsvRow(lines[0], row))]);
    }

    private static string Field(string text, char separator, ref int at)
    {
        if (text[at] != '"')
        {
            var end = text.IndexOfAny([separator, '\r'], at);
            var plain = text[at..end];
            Must(!plain.AsSpan().ContainsAny('"', '\n'));
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

    private static void Must(bool isSo)
    {
        if (!isSo)
        {
            throw new FormatException("The file is not as RFC 4180 has it.");
        }
    }
}

/// <summary>A row, by column.</summary>
public sealed class CsvRow(string[] columns, string[] values)
{
    private readonly Dictionary<string, string> _cells = columns
        .Zip(values)
        .ToDictionary(cell => cell.First, cell => cell.Second);

    /// <summary>The cells in order.</summary>
    public IReadOnlyList<string> Values => values;

    /// <summary>The cells with their columns.</summary>
    public IReadOnlyDictionary<string, string> Cells => _cells;

    /// <summary>A cell as it stands in the file.</summary>
    public string this[string column] => _cells[column];

    /// <summary>Some cells, with blanks between them.</summary>
    public string Tell(string columns) =>
        string.Join(' ', columns.Split(' ').Select(column => this[column]));

    /// <summary>A cell as a number; null where it is empty.</summary>
    public double? Number(string column) =>
        this[column].Length == 0 ? null : double.Parse(this[column], NumberStyles.Float);

    /// <summary>A cell of ids in brackets.</summary>
    public int[] Ids(string column) =>
        this[column] is ['[', .. var ids, ']']
            ? [.. ids.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)]
            : throw new FormatException($"{this[column]} is no list of ids.");

    /// <summary>The bytes of a cell like <c>0x204a6f686e</c>.</summary>
    public byte[] Hex(string column) =>
        this[column] is ['0', 'x', .. var digits]
            ? Convert.FromHexString(digits)
            : throw new FormatException($"{this[column]} is not in hexadecimal.");

    /// <summary>The bytes of a cell like <c>0x204a6f686e</c>, as text.</summary>
    public string HexText(string column) => Encoding.UTF8.GetString(Hex(column));
}

/// <summary>What tests ask of some rows.</summary>
public static class CsvRows
{
    /// <summary>Those whose cells are so: <c>contrast=quant probe=echo</c>.</summary>
    public static IReadOnlyList<CsvRow> Where(this IEnumerable<CsvRow> rows, string cells)
    {
        string[][] wanted = [.. cells.Split(' ').Select(cell => cell.Split('='))];
        return [.. rows.Where(row => wanted.All(cell => row[cell[0]] == cell[1]))];
    }

    /// <summary>Some cells of each row, with blanks between them.</summary>
    public static IEnumerable<string> Tell(this IEnumerable<CsvRow> rows, string columns) =>
        rows.Select(row => row.Tell(columns));
}
