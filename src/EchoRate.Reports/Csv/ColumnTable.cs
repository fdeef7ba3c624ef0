using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Reports.Csv;

/// <summary>One column: its name, and how a row's cell is written.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <param name="Name">The name in the header.</param>
/// <param name="Kind">What its cells are, in a word or two; of an enum, its words.</param>
/// <param name="Write">Writes the cell, exactly one.</param>
public sealed record Column<TRow>(string Name, string Kind, Action<CellWriter, TRow> Write);

/// <summary>What all tables have in common.</summary>
public static class ColumnTable
{
    /// <summary>The value of the first column of every file; raised whenever a column is added, changed or moved.</summary>
    public const int SchemaVersion = 2;
}

/// <summary>The columns of a file, in the order that they are added in: header and cells cannot drift apart.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <param name="name">The file's name, <c>echo</c> for <c>echo.csv</c>.</param>
public sealed class ColumnTable<TRow>(string name) : List<Column<TRow>>
{
    /// <summary>The file's name, <c>echo</c> for <c>echo.csv</c>.</summary>
    public string Name => name;

    /// <summary>The names, in order.</summary>
    public IEnumerable<string> Names => this.Select(column => column.Name);

    /// <summary>Adds the first two columns of every file: what separates them tells a file's profile.</summary>
    public ColumnTable<TRow> Run() =>
        Whole("schema_version", _ => ColumnTable.SchemaVersion)
            .Add("run_id", "text", (cell, _) => cell.Text(cell.RunId));

    /// <summary>Adds columns of another table.</summary>
    /// <typeparam name="TOther">What a row of the other table is made from.</typeparam>
    /// <param name="other">The other table.</param>
    /// <param name="of">What its row is made from here.</param>
    /// <param name="names">The columns, commas between.</param>
    /// <param name="side">What stands in front of their names here: <c>a_</c>, <c>b_</c>, or nothing.</param>
    public ColumnTable<TRow> From<TOther>(
        ColumnTable<TOther> other,
        Func<TRow, TOther> of,
        string names,
        string side = ""
    )
    {
        foreach (var column in names.Split(", "))
        {
            var found = other.Single(one => one.Name == column);
            Add(side + column, found.Kind, (cell, row) => found.Write(cell, of(row)));
        }
        return this;
    }

    /// <summary>Adds the last three columns.</summary>
    public ColumnTable<TRow> End(
        Func<TRow, RowStatus?> status,
        Func<TRow, string[]> flags,
        Func<TRow, string?> reason
    ) => Word("status", status).WordList("flags", flags).Text("reason", reason);

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

    /// <summary>Adds three columns for one token: its id, and its bytes as a piece and in hexadecimal.</summary>
    public ColumnTable<TRow> Token(string name, Func<TRow, TokenBytes?> value) =>
        Whole(name + "_id", row => value(row)?.Id)
            .Piece(name + "_piece", row => value(row)?.Bytes)
            .Hex(name + "_hex", row => value(row)?.Bytes);

    /// <summary>Adds a column of token ids.</summary>
    public ColumnTable<TRow> Ids(string name, Func<TRow, int[]?> value) =>
        Add(name, "ids", (cell, row) => cell.Ids(value(row)));

    /// <summary>Adds a column of hashes.</summary>
    public ColumnTable<TRow> Sha256(string name, Func<TRow, string?> value) =>
        Add(name, "hash", (cell, row) => cell.Sha256(value(row)));

    /// <summary>Adds any column.</summary>
    public ColumnTable<TRow> Add(string name, string kind, Action<CellWriter, TRow> write)
    {
        Add(new Column<TRow>(name, kind, write));
        return this;
    }
}
