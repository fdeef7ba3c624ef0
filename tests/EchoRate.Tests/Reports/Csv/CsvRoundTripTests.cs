using System.Globalization;
using EchoRate.Core.Text;
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
        new ColumnTable<Row>()
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
        using var reader = new CsvTableReader(new MemoryStream(file), profile);
        Assert.Equal(Columns.Names, reader.Names);
        for (var seed = 0; seed < Rows; seed++)
        {
            var row = rows[seed];
            Assert.True(reader.Read());
            var where = $"seed {seed}: {reader.Cell(0)}";
            Assert.True(
                Same(row.Text is null ? null : TextBytes.Of(row.Text), reader.Bytes(0)),
                where
            );
            Assert.True(Same(row.Bytes, reader.Bytes(1)), where);
            Assert.True(Same(row.Bytes, reader.Bytes(2)), where);
            Assert.True(Same(row.Bytes, reader.Hex(3)), where);
            // 15 significant digits: half a unit of the last one, relative to a number that begins with 1.
            Assert.True(
                Math.Abs(reader.Number(4)!.Value - row.Number) <= 5.1e-15 * Math.Abs(row.Number),
                where
            );
            Assert.Equal(row.Whole, reader.Whole(5));
            Assert.Equal(row.Ids, reader.Ids(6));
            Assert.Equal(row.Truth, reader.Truth(7));
        }
        Assert.False(reader.Read());
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void The_files_follow_the_rfc(string name)
    {
        var (profile, rows, file) = Write(name);
        Assert.Equal(
            profile.ByteOrderMark,
            file.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])
        );
        var cells = Rfc4180.Parse(file, profile.Separator);
        Assert.Equal(Columns.Names, cells[0]);
        Assert.Equal(rows.Count + 1, cells.Count);
        using var reader = new CsvTableReader(new MemoryStream(file), profile);
        foreach (var row in cells.Skip(1))
        {
            Assert.True(reader.Read());
            Assert.Equal(row, Enumerable.Range(0, Columns.Count).Select(reader.Cell));
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void No_cell_begins_like_a_formula_unless_it_is_a_number(string name)
    {
        var (profile, _, file) = Write(name);
        foreach (var row in Rfc4180.Parse(file, profile.Separator))
        {
            for (var column = 0; column < row.Count; column++)
            {
                var cell = row[column];
                if (cell.Length > 0 && "=+-@\t\r".Contains(cell[0], StringComparison.Ordinal))
                {
                    Assert.Contains(Columns[column].Name, new[] { "number", "whole" });
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
        foreach (var row in Rfc4180.Parse(file, profile.Separator).Skip(1))
        {
            var digits = row[4]
                .Split('E')[0]
                .Where(char.IsAsciiDigit)
                .SkipWhile(digit => digit == '0');
            Assert.True(digits.Count() <= 15, row[4]);
            Assert.NotEqual("-0", row[4]);
            Assert.DoesNotContain(profile == CsvProfile.ExcelEu ? '.' : ',', row[4]);
        }
    }

    private static (CsvProfile Profile, List<Row> Rows, byte[] File) Write(string name)
    {
        Assert.True(CsvProfile.TryParse(name, out var profile));
        var rows = Enumerable.Range(0, Rows).Select(Make).ToList();
        using var stream = new MemoryStream();
        using (var writer = new CsvTableWriter<Row>(stream, profile, Columns, leaveOpen: true))
        {
            rows.ForEach(writer.Write);
        }
        return (profile, rows, stream.ToArray());
    }

    private static Row Make(int seed)
    {
        var strange = new Strange(seed);
        return new Row(
            seed % 17 == 0 ? null : strange.Text(halves: true),
            seed % 19 == 0 ? null : strange.Bytes(),
            strange.Number(),
            seed * 1_000_003L - 500,
            strange.Ids(),
            seed % 2 == 0
        );
    }

    private static bool Same(byte[]? expected, byte[]? actual) =>
        expected is null || actual is null
            ? expected == actual
            : expected.AsSpan().SequenceEqual(actual);
}
