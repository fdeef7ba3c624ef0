using System.Globalization;
using CsvHelper;
using EchoRate.Reports.Inputs;

namespace EchoRate.Reports.Csv;

/// <summary>
/// Reads our own CSV files back, row after row: the cells as they stand, or as what they mean. For tests, and wherever rows come as CSV.
/// </summary>
public sealed class CsvTableReader : IDisposable
{
    private readonly CsvReader csv;
    private readonly CsvProfile profile;

    /// <summary>Reads the header. The stream is closed with the reader.</summary>
    public CsvTableReader(Stream stream, CsvProfile profile)
    {
        this.profile = profile;
        var options = new CsvReaderOptions
        {
            Separator = profile.Separator,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        csv = CsvReader.Create(stream, options);
        csv.ReadHeader();
        Names = csv.Headers;
    }

    /// <summary>The names of the columns, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Opens one of our files, whatever its profile: the character behind <c>schema_version</c> tells.</summary>
    /// <exception cref="InputFileException">The file is not one of ours.</exception>
    public static CsvTableReader Open(string path)
    {
        var start = new byte[3 + CsvSchema.VersionColumn.Length + 1];
        var stream = File.OpenRead(path);
        try
        {
            var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
            stream.Position = 0;
            return new CsvTableReader(stream, Detect(path, start.AsSpan(0, length)));
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read() => csv.Read();

    /// <summary>The position of a column.</summary>
    public int Index(string name) => csv.GetFieldIndex(name);

    /// <summary>The cell as it stands.</summary>
    public string Cell(int column) => csv.GetString(column);

    /// <summary>A whole number; null where the cell is empty.</summary>
    public long? Whole(int column) =>
        csv.IsEmpty(column) ? null : csv.Parse<long>(column, CultureInfo.InvariantCulture);

    /// <summary>A number; null where the cell is empty.</summary>
    public double? Number(int column) =>
        csv.IsEmpty(column)
            ? null
            : double.Parse(csv.GetString(column), NumberStyles.Float, profile.Numbers);

    /// <summary>A truth value; null where the cell is empty.</summary>
    public bool? Truth(int column) => Whole(column) is { } number ? number != 0 : null;

    /// <summary>The bytes of a cell of text or in piece form; null where the cell is empty.</summary>
    /// <exception cref="FormatException">The piece form has an escape that does not exist.</exception>
    public byte[]? Bytes(int column) =>
        csv.IsEmpty(column)
            ? null
            : TextCell.Read(csv.GetString(column))
                ?? throw new FormatException($"{csv.GetString(column)} is not a piece form.");

    /// <summary>The bytes of a cell in hexadecimal; null where the cell is empty.</summary>
    public byte[]? Hex(int column) =>
        csv.IsEmpty(column) ? null : Convert.FromHexString(Without(column, "0x"));

    /// <summary>A hash, or its beginning, in hexadecimal; null where the cell is empty.</summary>
    public string? Sha256(int column) => csv.IsEmpty(column) ? null : Without(column, "sha256:");

    /// <summary>Token ids; null where the cell is empty.</summary>
    public int[]? Ids(int column)
    {
        if (csv.IsEmpty(column))
        {
            return null;
        }
        var words = Without(column, "[")
            .TrimEnd(']')
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc />
    public void Dispose() => csv.Dispose();

    private string Without(int column, string prefix)
    {
        var cell = csv.GetString(column);
        return cell.StartsWith(prefix, StringComparison.Ordinal)
            ? cell[prefix.Length..]
            : throw new FormatException($"{cell} does not begin with {prefix}.");
    }

    private static CsvProfile Detect(string path, ReadOnlySpan<byte> start)
    {
        ReadOnlySpan<byte> mark = [0xEF, 0xBB, 0xBF];
        var marked = start.StartsWith(mark);
        var header = marked ? start[mark.Length..] : start;
        foreach (var profile in CsvProfile.All)
        {
            var expected = System.Text.Encoding.ASCII.GetBytes(
                CsvSchema.VersionColumn + profile.Separator
            );
            if (header.StartsWith(expected) && marked == profile.ByteOrderMark)
            {
                return profile;
            }
        }
        throw new InputFileException(
            path,
            1,
            $"is not a CSV file of ours: the first column is not {CsvSchema.VersionColumn}."
        );
    }
}
