using System.Globalization;

namespace EchoRate.Reports.Csv;

/// <summary>For whom the CSV files are written: <c>excel</c>, <c>excel-eu</c> or <c>data</c>. Parses its own name and explains itself.</summary>
/// <param name="Name">The name on the command line.</param>
/// <param name="Separator">What stands between two cells.</param>
/// <param name="ByteOrderMark">Whether a file begins with the UTF-8 byte order mark, without which Excel takes it for its old code page.</param>
/// <param name="Numbers">How numbers are written.</param>
/// <param name="MaxRows">Most rows in one file, the header not counted; null for no limit.</param>
/// <param name="MaxCellChars">Most characters (UTF-16) that a cell keeps where it is read; null for no limit.</param>
public sealed record CsvProfile(
    string Name,
    char Separator,
    bool ByteOrderMark,
    NumberFormatInfo Numbers,
    int? MaxRows,
    int? MaxCellChars
)
{
    /// <summary>
    /// Excel and LibreOffice where a list is separated by commas. A sheet has 1,048,576 rows, one of them the header; a longer cell Excel cuts,
    /// without a word.
    /// </summary>
    public static CsvProfile Excel { get; } =
        new("excel", ',', true, NumberFormatInfo.InvariantInfo, 1_048_575, 32_767);

    /// <summary>Excel and LibreOffice where a number has a decimal comma and a list is separated by semicolons.</summary>
    public static CsvProfile ExcelEu { get; } =
        Excel with
        {
            Name = "excel-eu",
            Separator = ';',
            // Not a named culture: the program runs without ICU, and only the comma is meant.
            Numbers = NumberFormatInfo.ReadOnly(
                new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." }
            ),
        };

    /// <summary>Programs: no byte order mark, and one file however long.</summary>
    public static CsvProfile Data { get; } =
        Excel with
        {
            Name = "data",
            ByteOrderMark = false,
            MaxRows = null,
            MaxCellChars = null,
        };

    /// <summary>All profiles, the default first.</summary>
    public static IReadOnlyList<CsvProfile> All { get; } = [Excel, ExcelEu, Data];

    /// <summary>The names that <see cref="TryParse"/> takes, for messages: <c>excel, excel-eu, data</c>.</summary>
    public static string AllowedNames { get; } =
        string.Join(", ", All.Select(profile => profile.Name));

    /// <summary>One line for <c>--help</c>.</summary>
    public const string HelpText =
        "How CSV files are written: excel (comma), excel-eu (semicolon, decimal comma), data (comma, no byte order mark, never split)";

    /// <summary>Whether it is read by a spreadsheet, which takes some texts for numbers, dates and the like.</summary>
    public bool IsForSpreadsheets => MaxCellChars is not null;

    /// <summary>Reads a profile's name, any case; false where it is none of <see cref="AllowedNames"/>.</summary>
    public static bool TryParse(string? name, out CsvProfile profile)
    {
        var found = All.FirstOrDefault(known =>
            string.Equals(known.Name, name, StringComparison.OrdinalIgnoreCase)
        );
        profile = found ?? Excel;
        return found is not null;
    }

    public override string ToString() => Name;
}
