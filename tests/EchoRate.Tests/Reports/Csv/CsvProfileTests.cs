using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

public sealed class CsvProfileTests
{
    [Fact]
    public void Profiles_are_named_on_the_command_line()
    {
        Assert.Equal("excel, excel-eu, data", CsvProfile.AllowedNames);
        Assert.All(
            CsvProfile.All,
            profile => Assert.Contains(profile.Name, CsvProfile.HelpText, StringComparison.Ordinal)
        );
        Assert.True(CsvProfile.TryParse("Excel-EU", out var profile));
        Assert.Same(CsvProfile.ExcelEu, profile);
        Assert.False(CsvProfile.TryParse("xlsx", out profile));
        Assert.Same(CsvProfile.Excel, profile);
        Assert.False(CsvProfile.TryParse(null, out _));
    }

    [Fact]
    public void A_sheet_holds_a_header_and_1048575_rows()
    {
        Assert.Equal(1_048_575, CsvProfile.Excel.MaxRows);
        Assert.Equal(1_048_575, CsvProfile.ExcelEu.MaxRows);
        Assert.Null(CsvProfile.Data.MaxRows);
    }
}
