namespace EchoRate.Cli.Tests.Readme;

/// <summary>What docs/columns.md says of a column holds for the cells of real runs: where it is empty, its words, its range.</summary>
public sealed class ColumnsPageTests(DemoRun demo, MiniatureRun miniatures)
{
    [Theory]
    [InlineData("files")]
    [InlineData("echo")]
    [InlineData("completion")]
    [InlineData("summary")]
    [InlineData("compare")]
    public void Cells_are_as_described(string table)
    {
        var described = DescribedColumn.Of(table);

        foreach (var run in new[] { demo.Run, miniatures.Run })
        {
            foreach (var row in run.Csv(table).Rows)
            {
                var isOk = row["status"] == "ok";
                foreach (var (column, cell) in row.Cells)
                {
                    var (kind, empty) = described[column];
                    var where = $"{table}.csv, {column}: '{cell}' is not {kind}, empty: {empty}";
                    Assert.True(IsA(cell, kind) || cell.Length == 0, where);
                    Assert.True(
                        cell.Length > 0 || (empty != "never" && !(isOk && empty == "not measured")),
                        where
                    );
                    // Neither may the page promise less than is there.
                    Assert.True(isOk || cell.Length == 0 || empty != "not measured", where);
                }
            }
        }
    }

    private static bool IsA(string cell, string kind)
    {
        var parts = kind.Split(", ");
        return parts[0] switch
        {
            "text" or "words" => true,
            "hash" => cell.StartsWith("sha256:"),
            "hex" => cell.StartsWith("0x"),
            "ids" => cell is ['[', .., ']'],
            "piece" => cell is ['\'', .., '\''],
            "0 or 1" => cell is "0" or "1",
            "whole number" => cell.All(char.IsAsciiDigit) && IsIn(Number(cell), parts[1]),
            ['`', ..] => parts.Contains($"`{cell}`"),
            _ => IsIn(Number(cell), parts[1]),
        };
    }

    private static double? Number(string cell) =>
        double.TryParse(cell, NumberStyles.Float, null, out var number) ? number : null;

    private static bool IsIn(double? number, string range) =>
        range.Split(' ') switch
        {
            ["any"] => number is not null,
            ["≥", var least] => number >= Number(least),
            [">", var least] => number > Number(least),
            ["≤", var most] => number <= Number(most),
            [var least, "to", var most] => number >= Number(least) && number <= Number(most),
            _ => throw new ArgumentException($"no range: {range}"),
        };
}
