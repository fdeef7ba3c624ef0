using System.Text;
using System.Text.Unicode;
using CsvHelper;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;

namespace EchoRate.Reports.Inputs;

/// <summary>One row of an input file.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line where the row begins, from 1.</param>
/// <param name="Columns">The names of the columns.</param>
/// <param name="Cells">The cells' bytes, in the order of the names; null where a cell is empty or its column absent.</param>
internal readonly record struct InputRow(string Path, int Line, string[] Columns, byte[]?[] Cells)
{
    /// <summary>The text of a cell; null where it is empty.</summary>
    public string? Text(int column)
    {
        if (Cells[column] is not { Length: > 0 } cell)
        {
            return null;
        }
        return Utf8.IsValid(cell)
            ? Encoding.UTF8.GetString(cell)
            : throw Refuse(
                $"the {Columns[column]} {PieceNotation.Format(cell)} is not UTF-8 text."
            );
    }

    /// <summary>Says that the row cannot be used.</summary>
    public InputFileException Refuse(string problem) => new(Path, Line, problem);
}

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
        if (!Advance())
        {
            throw new InputFileException(
                path,
                null,
                $"is empty; it begins with the header {string.Join(',', required.Concat(optional))}."
            );
        }
        string[] known = [.. required, .. optional];
        var (length, places) = ReadHeader();
        while (Advance())
        {
            // A row of separators alone is passed over; an empty text in quotes is a cell that somebody wrote.
            if (Enumerable.Range(0, csv.FieldCount).All(cell => csv.GetRawSpan(cell).IsEmpty))
            {
                continue;
            }
            if (Enumerable.Range(0, csv.FieldCount).Skip(length).Any(cell => !csv.IsEmpty(cell)))
            {
                throw Refuse(
                    $"has {csv.FieldCount} cells, the header {length}; a text that holds the separator stands in double quotes."
                );
            }
            yield return new InputRow(
                path,
                (int)csv.LineNumber,
                known,
                [.. places.Select(ReadCell)]
            );
        }

        InputFileException Refuse(string problem) => new(path, (int)csv.LineNumber, problem);

        bool Advance()
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

        (int Length, int[] Places) ReadHeader()
        {
            var places = new int[known.Length];
            Array.Fill(places, -1);
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
                    throw Refuse(
                        $"unknown column \"{OneLine(name)}\"; allowed: {string.Join(", ", known)}."
                    );
                }
                if (places[column] >= 0)
                {
                    throw Refuse($"the column {known[column]} stands twice.");
                }
                places[column] = index;
            }
            var missing = Array.IndexOf(places, -1, 0, required.Length);
            return missing < 0
                ? (length, places)
                : throw Refuse(
                    $"the column {known[missing]} is missing; allowed: {string.Join(", ", known)}."
                );
        }

        byte[]? ReadCell(int column)
        {
            if (column < 0 || column >= csv.FieldCount || csv.IsEmpty(column))
            {
                return null;
            }
            var cell = csv.GetString(column);
            return TextCell.Read(cell)
                ?? throw Refuse(
                    $@"{OneLine(cell)} stands in single quotes and has an escape that does not exist; allowed: \n \r \t \' \\ \xNN."
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

    private static string OneLine(string text) =>
        text.Length > 60 || text.Any(char.IsControl)
            ? PieceNotation.Format(text.Length > 60 ? text[..60] + "…" : text)
            : text;
}
