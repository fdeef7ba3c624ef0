using System.Collections;

namespace EchoRate.Reports.Csv;

/// <summary>One column: its name, and how a row's cell is written.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <param name="Name">The name in the header.</param>
/// <param name="Kind">What its cells are, in a word or two; of an enum, its words.</param>
/// <param name="Write">Writes the cell, exactly one.</param>
public sealed record Column<TRow>(string Name, string Kind, Action<CellWriter, TRow> Write)
{
    /// <summary>Meaning, range where there is one, and when it is empty, as docs/columns.md prints them: <c>meaning | range | empty where</c>.</summary>
    public string Description { get; init; } = "";
}

/// <summary>The columns of a file, in the order that they are added in: header and cells cannot drift apart.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
public sealed class ColumnTable<TRow> : IReadOnlyList<Column<TRow>>
{
    private readonly List<Column<TRow>> _columns = [];
    public int Count => _columns.Count;
    public Column<TRow> this[int index] => _columns[index];

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => _columns.Select(column => column.Name);

    /// <summary>Adds the first column of every file.</summary>
    public ColumnTable<TRow> SchemaVersion() =>
        Whole(CsvSchema.VersionColumn, _ => CsvSchema.Version)
            .Says("raised whenever a column is added, changed or moved | ≥ 1 | never");

    /// <summary>Adds a column of whole numbers.</summary>
    public ColumnTable<TRow> Whole(string name, Func<TRow, long?> value) =>
        Add(name, "whole number", (cell, row) => cell.Whole(value(row)));

    /// <summary>Adds a column of numbers.</summary>
    public ColumnTable<TRow> Number(string name, Func<TRow, double?> value) =>
        Add(name, "number", (cell, row) => cell.Number(value(row)));

    /// <summary>Adds a column of truth values.</summary>
    public ColumnTable<TRow> Truth(string name, Func<TRow, bool?> value) =>
        Add(name, "0 or 1", (cell, row) => cell.Truth(value(row)));

    /// <summary>Adds a column of text.</summary>
    public ColumnTable<TRow> Text(string name, Func<TRow, string?> value) =>
        Add(name, "text", (cell, row) => cell.Text(value(row)));

    /// <summary>Adds a column of an enum's words.</summary>
    public ColumnTable<TRow> Word<TEnum>(string name, Func<TRow, TEnum?> value)
        where TEnum : struct, Enum =>
        Add(
            name,
            string.Join(
                ", ",
                Enum.GetValues<TEnum>().Select(member => $"`{EnumWords.Of(member)}`")
            ),
            (cell, row) => cell.Text(value(row) is { } member ? EnumWords.Of(member) : null)
        );

    /// <summary>Adds a column of text that comes as bytes.</summary>
    public ColumnTable<TRow> TextBytes(string name, Func<TRow, byte[]?> value) =>
        Add(name, "text", (cell, row) => cell.Text(value(row)));

    /// <summary>Adds a column of words with spaces between; no words are an empty cell.</summary>
    public ColumnTable<TRow> WordList(string name, Func<TRow, string[]> value) =>
        Add(
            name,
            "words, blanks between",
            (cell, row) =>
                cell.Text(value(row) is { Length: > 0 } words ? string.Join(' ', words) : null)
        );

    /// <summary>Adds a column of bytes in piece form.</summary>
    public ColumnTable<TRow> Piece(string name, Func<TRow, byte[]?> value) =>
        Add(name, "piece", (cell, row) => cell.Piece(value(row)));

    /// <summary>Adds a column of bytes in hexadecimal.</summary>
    public ColumnTable<TRow> Hex(string name, Func<TRow, byte[]?> value) =>
        Add(name, "hex", (cell, row) => cell.Hex(value(row)));

    /// <summary>Adds a column of token ids.</summary>
    public ColumnTable<TRow> Ids(string name, Func<TRow, int[]?> value) =>
        Add(name, "ids", (cell, row) => cell.Ids(value(row)));

    /// <summary>Adds a column of hashes.</summary>
    public ColumnTable<TRow> Sha256(string name, Func<TRow, string?> value) =>
        Add(name, "hash", (cell, row) => cell.Sha256(value(row)));

    /// <summary>Adds any column.</summary>
    public ColumnTable<TRow> Add(string name, string kind, Action<CellWriter, TRow> write)
    {
        _columns.Add(new Column<TRow>(name, kind, write));
        return this;
    }

    /// <summary>Describes the column added last: <see cref="Column{TRow}.Description"/>.</summary>
    public ColumnTable<TRow> Says(string description)
    {
        _columns[^1] = _columns[^1] with { Description = description };
        return this;
    }

    public IEnumerator<Column<TRow>> GetEnumerator() => _columns.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
