using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

public sealed class CellWriterTests
{
    [Theory]
    [InlineData(" John", " John")]
    [InlineData("a = b", "a = b")]
    [InlineData(" =1+1", " =1+1")]
    [InlineData("it's", "it's")]
    [InlineData("'", "'")]
    [InlineData("'s", "'s")]
    [InlineData("\ufffd", "\ufffd")]
    [InlineData("=1+1", "'=1+1'")]
    [InlineData("+1", "'+1'")]
    [InlineData("-1", "'-1'")]
    [InlineData("@x", "'@x'")]
    [InlineData("\tx", @"'\tx'")]
    [InlineData("a\nb", @"'a\nb'")]
    [InlineData("'x'", @"'\'x\''")]
    [InlineData("''", @"'\'\''")]
    [InlineData("", "''")]
    [InlineData(null, "")]
    public void Text_is_plain_unless_a_spreadsheet_would_bend_it(string? text, string expected)
    {
        Assert.Equal(expected, Cell(cell => cell.Text(text)));
        if (text is not null)
        {
            Assert.Equal(expected, Cell(cell => cell.Text(Encoding.UTF8.GetBytes(text))));
        }
    }

    [Theory]
    [InlineData(0.1, "0.1", "0,1")]
    [InlineData(-0.0, "0", "0")]
    [InlineData(1.0 / 3, "0.333333333333333", "0,333333333333333")]
    [InlineData(-2.5e-7, "-2.5E-07", "-2,5E-07")]
    [InlineData(1e20, "1E+20", "1E+20")]
    [InlineData(1234567.5, "1234567.5", "1234567,5")]
    public void Numbers_have_15_digits_and_the_profiles_decimal_sign(
        double value,
        string excel,
        string eu
    )
    {
        Assert.Equal(excel, Cell(cell => cell.Number(value)));
        Assert.Equal(excel, Cell(cell => cell.Number(value), CsvProfile.Data));
        Assert.Equal(eu, Cell(cell => cell.Number(value), CsvProfile.ExcelEu));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void What_is_no_number_is_the_callers_mistake(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Cell(cell => cell.Number(value)));

    [Fact]
    public void Whole_numbers_stand_in_full_up_to_15_digits()
    {
        Assert.Equal("-42", Cell(cell => cell.Whole(-42), CsvProfile.ExcelEu));
        Assert.Equal("999999999999999", Cell(cell => cell.Whole(999_999_999_999_999)));
        Assert.Equal("9.22337203685478E+18", Cell(cell => cell.Whole(long.MaxValue)));
        Assert.Equal("", Cell(cell => cell.Whole(null)));
    }

    [Fact]
    public void Other_kinds_look_the_same_in_every_profile()
    {
        foreach (var profile in CsvProfile.All)
        {
            Assert.Equal("[2 3434]", Cell(cell => cell.Ids([2, 3434]), profile));
            Assert.Equal("[]", Cell(cell => cell.Ids([]), profile));
            Assert.Equal("0x204a6f686e", Cell(cell => cell.Hex(" John"u8.ToArray()), profile));
            Assert.Equal("0x", Cell(cell => cell.Hex([]), profile));
            Assert.Equal("sha256:00ff", Cell(cell => cell.Sha256("00ff"), profile));
            Assert.Equal("1", Cell(cell => cell.Truth(true), profile));
            Assert.Equal("0", Cell(cell => cell.Truth(false), profile));
            Assert.Equal("' John'", Cell(cell => cell.Piece(" John"u8.ToArray()), profile));
        }
    }

    private static string Cell(Action<CellWriter> write, CsvProfile? profile = null)
    {
        profile ??= CsvProfile.Excel;
        var columns = new ColumnTable<Action<CellWriter>>("echo").Text("first", _ => "x");
        columns.Add("cell", "any", (cell, row) => row(cell));
        return CsvFile.Read(columns.Bytes(profile, [write]), profile.Separator).Rows[0]["cell"];
    }
}
