using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

public sealed class CsvFileSetTests
{
    private static readonly CsvProfile Small = CsvProfile.Excel with { MaxRows = 3 };

    private static ColumnTable<int> Columns { get; } =
        new ColumnTable<int>("echo").Whole("n", row => row);

    [Theory]
    [InlineData(0, "echo.csv")]
    [InlineData(1, "echo.csv")]
    [InlineData(3, "echo.csv")]
    [InlineData(4, "echo-001.csv echo-002.csv")]
    [InlineData(6, "echo-001.csv echo-002.csv")]
    [InlineData(7, "echo-001.csv echo-002.csv echo-003.csv")]
    public void A_table_is_split_only_where_one_sheet_cannot_hold_it(int rows, string names)
    {
        using var folder = new TemporaryFolder();
        Render(folder, Small, rows);
        Assert.Equal(names, string.Join(' ', folder.Names));
        Assert.Equal(
            Enumerable.Range(0, rows),
            folder
                .Names.SelectMany(name => CsvFile.Read(folder.At(name)).Rows)
                .Select(row => (int)row.Number("n")!)
        );
    }

    [Fact]
    public void A_sheet_holds_a_header_and_1048575_rows_and_the_data_profile_is_never_split()
    {
        Assert.Equal(1_048_575, CsvProfile.Excel.MaxRows);
        Assert.Equal(1_048_575, CsvProfile.ExcelEu.MaxRows);
        using var folder = new TemporaryFolder();
        Render(folder, CsvProfile.Data, 100);
        Assert.Equal(["echo.csv"], folder.Names);
    }

    [Fact]
    public void Cells_that_a_spreadsheet_would_cut_are_counted_by_column_and_written_whole()
    {
        var columns = new ColumnTable<int>("echo")
            .Text("prompt", length => new string('é', length))
            .Ids("ids", length => new int[length / 2])
            .TextBytes("bytes", length => new byte[length / 4]);
        foreach (
            var (profile, expected) in new[]
            {
                (Small, "prompt 2, ids 2, bytes 2"),
                (CsvProfile.Data, ""),
            }
        )
        {
            using var folder = new TemporaryFolder();
            using var csv = new CsvFolder(folder.Path, profile);
            // The piece form of a zero byte has four letters, and two quotes are about them; ids have brackets about them.
            csv.Write(columns, [1, 32_764, 32_767, 32_768, 40_000]);

            Assert.Equal(
                expected,
                string.Join(", ", csv.LongCells.Select(cells => $"{cells.Column} {cells.Count}"))
            );
            csv.Complete();
            Assert.Contains(
                new string('é', 40_000),
                string.Concat(folder.Names.Select(name => File.ReadAllText(folder.At(name))))
            );
        }
    }

    [Fact]
    public void Files_of_an_earlier_rendering_are_replaced()
    {
        using var folder = new TemporaryFolder();
        string[] others = ["echo-01.csv", "echo-notes.csv", "echo.csv.bak", "my-echo.csv"];
        foreach (var name in others)
        {
            File.WriteAllText(folder.At(name), "mine");
        }
        Render(folder, Small, 10);
        Render(folder, Small, 5);
        Assert.Equal(["echo-001.csv", "echo-002.csv"], folder.Names.Except(others));
        Render(folder, Small, 2);
        Assert.Equal(["echo.csv"], folder.Names.Except(others));
        Render(folder, Small, 4);
        Assert.Equal(["echo-001.csv", "echo-002.csv"], folder.Names.Except(others));
        Assert.Empty(others.Except(folder.Names));
    }

    [Fact]
    public void Without_Complete_nothing_changes()
    {
        using var folder = new TemporaryFolder();
        Render(folder, Small, 2);
        var before = File.ReadAllBytes(folder.At("echo.csv"));
        using (var csv = new CsvFolder(folder.Path, Small))
        {
            csv.Write(Columns, Enumerable.Range(0, 8));
        }
        Assert.Equal(["echo.csv"], folder.Names);
        Assert.Equal(before, File.ReadAllBytes(folder.At("echo.csv")));
    }

    private static void Render(TemporaryFolder folder, CsvProfile profile, int rows) =>
        Columns.Write(folder.Path, profile, Enumerable.Range(0, rows));
}
