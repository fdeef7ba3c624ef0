using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

public sealed class CsvRoundTripTests
{
    private const int Rows = 1000;

    public static TheoryData<string> Profiles =>
        [.. CsvProfile.All.Select(profile => profile.Name)];

    private sealed record Row(
        string? Text,
        byte[]? Bytes,
        double Number,
        long Whole,
        int[] Ids,
        bool Truth
    );

    private static ColumnTable<Row> Columns { get; } =
        new ColumnTable<Row>("echo")
            .Text("text", row => row.Text)
            .TextBytes("text_bytes", row => row.Bytes)
            .Piece("piece", row => row.Bytes)
            .Hex("hex", row => row.Bytes)
            .Number("number", row => row.Number)
            .Whole("whole", row => row.Whole)
            .Ids("ids", row => row.Ids)
            .Truth("truth", row => row.Truth);

    [Theory]
    [MemberData(nameof(Profiles))]
    public void Any_row_comes_back_with_the_same_bytes(string name)
    {
        var (profile, rows, file) = Write(name);
        Assert.Equal(
            profile.ByteOrderMark,
            file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])
        );
        var read = CsvFile.Read(file, profile.Separator);
        Assert.Equal(Columns.Names, read.Columns);
        Assert.Equal(rows.Count, read.Rows.Count);
        foreach (var (seed, (row, cells)) in rows.Zip(read.Rows).Index())
        {
            var where = $"seed {seed}: {cells["text"]}";
            void Same(byte[]? expected, string column) =>
                Assert.True(
                    (expected is null && cells[column].Length == 0)
                        || (column == "hex" ? cells.Hex(column) : TextCell.Read(cells[column]))!
                            .AsSpan()
                            .SequenceEqual(expected),
                    where
                );
            Same(row.Text is null ? null : Encoding.UTF8.GetBytes(row.Text), "text");
            Same(row.Bytes, "text_bytes");
            Same(row.Bytes, "piece");
            Same(row.Bytes, "hex");
            // 15 significant digits: half a unit of the last one, relative to a number that begins with 1.
            var number = double.Parse(cells["number"], NumberStyles.Float, profile.Numbers);
            Assert.True(Math.Abs(number - row.Number) <= 5.1e-15 * Math.Abs(row.Number), where);
            Assert.Equal(row.Whole, (long)cells.Number("whole")!);
            Assert.Equal(row.Ids, cells.Ids("ids"));
            Assert.Equal(row.Truth ? "1" : "0", cells["truth"]);
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void No_cell_begins_like_a_formula_unless_it_is_a_number(string name)
    {
        var (profile, _, file) = Write(name);
        foreach (var row in CsvFile.Read(file, profile.Separator).Rows)
        {
            foreach (var (column, cell) in row.Cells)
            {
                if (cell.Length > 0 && "=+-@\t\r".Contains(cell[0]))
                {
                    Assert.Contains(column, new[] { "number", "whole" });
                    Assert.True(
                        double.TryParse(cell, NumberStyles.Float, profile.Numbers, out _),
                        cell
                    );
                }
                Assert.DoesNotContain(cell, char.IsControl);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_number_has_at_most_15_significant_digits(string name)
    {
        var (profile, _, file) = Write(name);
        foreach (var row in CsvFile.Read(file, profile.Separator).Rows)
        {
            var number = row["number"];
            var digits = number
                .Split('E')[0]
                .Where(char.IsAsciiDigit)
                .SkipWhile(digit => digit == '0');
            Assert.True(digits.Count() <= 15, number);
            Assert.NotEqual("-0", number);
            Assert.DoesNotContain(profile == CsvProfile.ExcelEu ? '.' : ',', number);
        }
    }

    private static (CsvProfile Profile, List<Row> Rows, byte[] File) Write(string name)
    {
        Assert.True(CsvProfile.TryParse(name, out var profile));
        var rows = Enumerable.Range(0, Rows).Select(Make).ToList();
        return (profile, rows, Columns.Bytes(profile, rows));
    }

    private static Row Make(int seed)
    {
        var strange = new Strange(seed);
        return new Row(
            seed % 17 == 0 ? null : strange.Text(),
            seed % 19 == 0 ? null : strange.Bytes(),
            strange.Number(),
            seed * 1_000_003L - 500,
            strange.Ids(),
            seed % 2 == 0
        );
    }
}
