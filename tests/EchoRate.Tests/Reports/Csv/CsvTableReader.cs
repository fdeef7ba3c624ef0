using System.Globalization;
using CsvHelper;
using EchoRate.Reports.Csv;

namespace EchoRate.Tests.Reports.Csv;

/// <summary>
/// Reads our own CSV files back, row after row: the cells as they stand, or as what they mean.
/// </summary>
internal sealed class CsvTableReader : IDisposable
{
    private readonly CsvReader _csv;
    private readonly CsvProfile _profile;

    /// <summary>Reads the header. The stream is closed with the reader.</summary>
    public CsvTableReader(Stream stream, CsvProfile profile)
    {
        _profile = profile;
        var options = new CsvReaderOptions
        {
            Separator = profile.Separator,
            MalformedData = CsvMalformedDataHandling.Throw,
            FieldCountMismatch = CsvFieldCountHandling.Throw,
        };
        _csv = CsvReader.Create(stream, options);
        _csv.ReadHeader();
        Names = _csv.Headers;
    }

    /// <summary>The names of the columns, in order.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Goes to the next row; false at the end.</summary>
    public bool Read() => _csv.Read();

    /// <summary>The position of a column.</summary>
    public int Index(string name) => _csv.GetFieldIndex(name);

    /// <summary>The cell as it stands.</summary>
    public string Cell(int column) => _csv.GetString(column);

    /// <summary>A whole number; null where the cell is empty.</summary>
    public long? Whole(int column) =>
        _csv.IsEmpty(column) ? null : _csv.Parse<long>(column, CultureInfo.InvariantCulture);

    /// <summary>A number; null where the cell is empty.</summary>
    public double? Number(int column) =>
        _csv.IsEmpty(column)
            ? null
            : double.Parse(_csv.GetString(column), NumberStyles.Float, _profile.Numbers);

    /// <summary>A truth value; null where the cell is empty.</summary>
    public bool? Truth(int column) => Whole(column) is { } number ? number != 0 : null;

    /// <summary>The bytes of a cell of text or in piece form; null where the cell is empty.</summary>
    /// <exception cref="FormatException">The piece form has an escape that does not exist.</exception>
    public byte[]? Bytes(int column) =>
        _csv.IsEmpty(column)
            ? null
            : TextCell.Read(_csv.GetString(column))
                ?? throw new FormatException($"{_csv.GetString(column)} is not a piece form.");

    /// <summary>The bytes of a cell in hexadecimal; null where the cell is empty.</summary>
    public byte[]? Hex(int column) =>
        _csv.IsEmpty(column) ? null : Convert.FromHexString(Without(column, "0x"));

    /// <summary>A hash, or its beginning, in hexadecimal; null where the cell is empty.</summary>
    public string? Sha256(int column) => _csv.IsEmpty(column) ? null : Without(column, "sha256:");

    /// <summary>Token ids; null where the cell is empty.</summary>
    public int[]? Ids(int column)
    {
        if (_csv.IsEmpty(column))
        {
            return null;
        }
        var words = Without(column, "[")
            .TrimEnd(']')
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. words.Select(word => int.Parse(word, CultureInfo.InvariantCulture))];
    }

    /// <inheritdoc />
    public void Dispose() => _csv.Dispose();

    private string Without(int column, string prefix)
    {
        var cell = _csv.GetString(column);
        return cell.StartsWith(prefix, StringComparison.Ordinal)
            ? cell[prefix.Length..]
            : throw new FormatException($"{cell} does not begin with {prefix}.");
    }
}
