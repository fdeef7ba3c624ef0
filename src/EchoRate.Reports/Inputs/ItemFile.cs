using System.Text;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Inputs;

/// <summary>An item that a person wants probed.</summary>
/// <param name="Bytes">Its bytes, leading space and all; never empty.</param>
/// <param name="Category">Its category; null where none was given.</param>
/// <param name="Line">The line in the file.</param>
public sealed record ItemInput(byte[] Bytes, string? Category, int Line)
{
    /// <summary>The bytes as text; bytes that are not UTF-8 show as replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(Bytes);
}

/// <summary>
/// A file of items, <c>item,category</c>. The header is required, the category is not. A leading space belongs to the item; an item may
/// stand in piece form (<c>' John'</c>), as in our own files.
/// </summary>
public static class ItemFile
{
    /// <summary>Reads all items, in the order of the file.</summary>
    /// <exception cref="InputFileException">The file cannot be used; the message says where and why.</exception>
    public static IReadOnlyList<ItemInput> Read(string path)
    {
        List<ItemInput> items = [];
        Dictionary<string, int> lines = [];
        foreach (var row in InputTable.Read(path, ["item"], ["category"]))
        {
            if (row.Cells[0] is not { Length: > 0 } item)
            {
                throw row.Refuse("the item is empty.");
            }
            var piece = PieceNotation.Format(item);
            if (!lines.TryAdd(piece, row.Line))
            {
                throw row.Refuse($"the item {piece} already stands in line {lines[piece]}.");
            }
            items.Add(new ItemInput(item, row.Text(1), row.Line));
        }
        return items.Count > 0
            ? items
            : throw new InputFileException(path, null, "has a header and no items.");
    }
}
