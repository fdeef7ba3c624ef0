using EchoRate.Core.Items;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Inputs;

/// <summary>Files that a person wrote: words to probe, prompts to complete, a text to look at.</summary>
public static class InputFiles
{
    /// <summary>
    /// The items of a file with the columns <c>item,category</c>, in its order. The header is required, the category is not. A leading space belongs
    /// to the item; an item may stand in piece form (<c>' John'</c>), as in our own files.
    /// </summary>
    /// <exception cref="InputFileException">The file cannot be used; the message says where and why.</exception>
    public static IReadOnlyList<Item> Items(string path) =>
        Rows(
            path,
            "items",
            InputTable.Read(path, ["item"], ["category"]),
            row =>
            {
                var item = row.Cells[0] is { Length: > 0 } cell
                    ? cell
                    : throw row.Refuse("the item is empty.");
                return ("item", PieceNotation.Format(item), new Item(item, row.Text(1)));
            }
        );

    /// <summary>
    /// The prompts of a file with the columns <c>id,prompt,expected</c>, in its order. The header is required, the expected text is not. Cells may
    /// stand in piece form, as in our own files.
    /// </summary>
    /// <exception cref="InputFileException">The file cannot be used; the message says where and why.</exception>
    public static IReadOnlyList<Prompt> Prompts(string path) =>
        Rows(
            path,
            "prompts",
            InputTable.Read(path, ["id", "prompt"], ["expected"]),
            row =>
            {
                var id = row.Text(0) ?? throw row.Refuse("the id is empty.");
                var prompt = row.Text(1) ?? throw row.Refuse("the prompt is empty.");
                return ("id", PieceNotation.Format(id), new Prompt(id, prompt, row.Text(2)));
            }
        );

    /// <summary>
    /// A text's bytes, UTF-8. The last line break is left out, as llama.cpp's tools leave it out: an editor puts it there, and it is no
    /// part of the text.
    /// </summary>
    /// <exception cref="InputFileException">The file cannot be used, or is empty; the message says where and why.</exception>
    public static byte[] Text(string path)
    {
        var text = InputText.Read(path, savedAs: "UTF-8").Span;
        text =
            text.EndsWith("\r\n"u8) ? text[..^2]
            : text.EndsWith("\n"u8) ? text[..^1]
            : text;
        return text.IsEmpty
            ? throw new InputFileException(path, null, "is empty; it holds the text to look at.")
            : text.ToArray();
    }

    // What a row is told apart by stands once in a file.
    private static List<T> Rows<T>(
        string path,
        string what,
        IEnumerable<InputRow> rows,
        Func<InputRow, (string Column, string Name, T Value)> read
    )
    {
        List<T> values = [];
        Dictionary<string, int> lines = [];
        foreach (var row in rows)
        {
            var (column, name, value) = read(row);
            if (!lines.TryAdd(name, row.Line))
            {
                throw row.Refuse($"the {column} {name} already stands in line {lines[name]}.");
            }
            values.Add(value);
        }
        return values.Count > 0
            ? values
            : throw new InputFileException(path, null, $"has a header and no {what}.");
    }
}
