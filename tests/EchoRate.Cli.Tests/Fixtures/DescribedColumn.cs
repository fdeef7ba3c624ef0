namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>What docs/columns.md says of the columns.</summary>
/// <param name="Cells">What the cells are: <c>text</c>, or <c>number, 0 to 1</c>.</param>
/// <param name="Empty">Where they are empty.</param>
internal sealed record DescribedColumn(string Cells, string Empty)
{
    private static readonly string[] s_numbers =
    [
        "0 or 1",
        "whole number",
        "number",
        "nats",
        "milliseconds",
        "bytes",
    ];

    /// <summary>Whether the cells are numbers, so that a reader must take them for such.</summary>
    public bool IsNumber => s_numbers.Contains(Cells.Split(", ")[0]);

    /// <summary>The columns of one file, by name.</summary>
    public static Dictionary<string, DescribedColumn> Of(string table) =>
        File.ReadLines(Path.Combine(Repository.Root, "docs", "columns.md"))
            .SkipWhile(line => line != $"## {table}.csv")
            .Skip(1)
            .TakeWhile(line => !line.StartsWith("## "))
            .Where(line => line.StartsWith("| `"))
            .Select(line => line.Trim('|', ' ').Split(" | "))
            .ToDictionary(
                cells => cells[0].Trim('`'),
                cells => new DescribedColumn(cells[2], cells[3])
            );
}
