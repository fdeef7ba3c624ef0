using CsvHelper;
using EchoRate.Reports.Csv;

namespace EchoRate.Reports.Inputs;

/// <summary>One row of an input file.</summary>
/// <param name="Line">The line where it begins, from 1.</param>
/// <param name="Cells">The cells' bytes, required columns first, then the optional ones; null where a cell is empty or its column absent.</param>
internal readonly record struct InputRow(int Line, byte[]?[] Cells);

/// <summary>
/// A CSV file that a person wrote: a header, in any order and case; commas, semicolons or tabs, whichever the header has most of; cells
/// plain, or in the piece form that our own files use. Rows without a single character in their cells are passed over, as spreadsheets leave them.
/// </summary>
internal static class InputTable
{
    public static IEnumerable<InputRow> Read(string path, string[] required, string[] optional)
    {
        var text = InputText.Read(path);
        var options = new CsvReaderOptions
        {
            Separator = DetectSeparator(text.Span),
            HasHeader = false,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
            DetectSeparatorHint = false,
        };
        using var csv = CsvReader.Create(text, options);
        if (!Advance(path, csv))
        {
            throw new InputFileException(
                path,
                null,
                $"is empty; it begins with the header {string.Join(',', [.. required, .. optional])}."
            );
        }
        var places = ReadHeader(path, csv, required, optional);
        while (Advance(path, csv))
        {
            if (IsBlank(csv))
            {
                continue;
            }
            var line = (int)csv.LineNumber;
            for (var extra = places.HeaderLength; extra < csv.FieldCount; extra++)
            {
                if (!csv.IsEmpty(extra))
                {
                    throw new InputFileException(
                        path,
                        line,
                        $"has {csv.FieldCount} cells, the header {places.HeaderLength}; a text that holds the separator stands in double quotes."
                    );
                }
            }
            yield return new InputRow(
                line,
                [.. places.Columns.Select(place => ReadCell(path, csv, place))]
            );
        }
    }

    private static char DetectSeparator(ReadOnlySpan<byte> text)
    {
        var end = text.IndexOfAny((byte)'\r', (byte)'\n');
        var header = end < 0 ? text : text[..end];
        var best = ',';
        foreach (var candidate in ";\t")
        {
            if (header.Count((byte)candidate) > header.Count((byte)best))
            {
                best = candidate;
            }
        }
        return best;
    }

    private static bool Advance(string path, CsvReader csv)
    {
        try
        {
            return csv.Read();
        }
        catch (CsvFormatException exception)
        {
            throw new InputFileException(
                path,
                (int)exception.LineNumber,
                "a double quote that opens or closes nothing; a cell with double quotes in it stands in double quotes, each of them doubled."
            );
        }
    }

    private static (int HeaderLength, int[] Columns) ReadHeader(
        string path,
        CsvReader csv,
        string[] required,
        string[] optional
    )
    {
        string[] known = [.. required, .. optional];
        var columns = new int[known.Length];
        Array.Fill(columns, -1);
        var line = (int)csv.LineNumber;
        var length = csv.FieldCount;
        // Spreadsheets leave empty columns behind the last one.
        while (length > 0 && string.IsNullOrWhiteSpace(csv.GetString(length - 1)))
        {
            length--;
        }
        for (var index = 0; index < length; index++)
        {
            var name = csv.GetString(index).Trim();
            var column = Array.FindIndex(
                known,
                word => word.Equals(name, StringComparison.OrdinalIgnoreCase)
            );
            if (column < 0)
            {
                throw new InputFileException(
                    path,
                    line,
                    $"unknown column \"{OneLine(name)}\"; allowed: {string.Join(", ", known)}."
                );
            }
            if (columns[column] >= 0)
            {
                throw new InputFileException(
                    path,
                    line,
                    $"the column {known[column]} stands twice."
                );
            }
            columns[column] = index;
        }
        foreach (var name in required)
        {
            if (columns[Array.IndexOf(known, name)] < 0)
            {
                throw new InputFileException(
                    path,
                    line,
                    $"the column {name} is missing; allowed: {string.Join(", ", known)}."
                );
            }
        }
        return (length, columns);
    }

    // A row of separators alone; an empty text in quotes is a cell that somebody wrote.
    private static bool IsBlank(CsvReader csv)
    {
        for (var index = 0; index < csv.FieldCount; index++)
        {
            if (!csv.GetRawSpan(index).IsEmpty)
            {
                return false;
            }
        }
        return true;
    }

    private static byte[]? ReadCell(string path, CsvReader csv, int column)
    {
        if (column < 0 || column >= csv.FieldCount || csv.IsEmpty(column))
        {
            return null;
        }
        var cell = csv.GetString(column);
        return TextCell.Read(cell)
            ?? throw new InputFileException(
                path,
                (int)csv.LineNumber,
                $@"{OneLine(cell)} stands in single quotes and has an escape that does not exist; allowed: \n \r \t \' \\ \xNN."
            );
    }

    private static string OneLine(string text) =>
        text.Length > 60 || text.Any(char.IsControl)
            ? Core.Text.PieceNotation.Format(text.Length > 60 ? text[..60] + "…" : text)
            : text;
}
