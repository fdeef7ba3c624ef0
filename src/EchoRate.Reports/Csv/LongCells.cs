namespace EchoRate.Reports.Csv;

/// <summary>Cells of a column that a spreadsheet cuts when it opens the file; the file has them whole.</summary>
/// <param name="Table">The table, <c>echo</c> for <c>echo.csv</c>.</param>
/// <param name="Column">The column.</param>
/// <param name="Count">How many.</param>
public sealed record LongCells(string Table, string Column, long Count);
