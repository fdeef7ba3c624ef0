using System.Buffers;
using System.Buffers.Text;
using System.Text;
using CsvHelper;
using EchoRate.Core.Text;

namespace EchoRate.Reports.Csv;

/// <summary>
/// Writes the cells of a row, one call per cell. Absent values are empty cells. Nothing is allocated per cell but the bytes of a text.
/// </summary>
public sealed class CellWriter
{
    // Whole numbers beyond these would need more than 15 digits, which spreadsheets do not keep.
    private const long MostDigits = 999_999_999_999_999;

    private readonly CsvWriter _csv;
    private readonly ArrayBufferWriter<byte> _utf8 = new(256);

    private readonly CsvProfile _profile;

    private readonly Dictionary<string, long> _longCells;

    internal CellWriter(
        CsvWriter csv,
        CsvProfile profile,
        string runId,
        Dictionary<string, long> longCells
    ) => (_csv, _profile, RunId, _longCells) = (csv, profile, runId, longCells);

    /// <summary>The run's name.</summary>
    public string RunId { get; }

    /// <summary>The column that is written.</summary>
    internal string Column { get; set; } = "";

    /// <summary>An empty cell: there is no value.</summary>
    public void Empty() => _csv.WriteField(ReadOnlySpan<byte>.Empty);

    /// <summary>A whole number; beyond 15 digits it is rounded to them, as a spreadsheet would.</summary>
    public void Whole(long? value)
    {
        if (value is not { } number)
        {
            Empty();
        }
        else if (number is > MostDigits or < -MostDigits)
        {
            Number(number);
        }
        else
        {
            _csv.WriteField(number, default);
        }
    }

    /// <summary>A number with at most 15 significant digits.</summary>
    /// <exception cref="ArgumentOutOfRangeException">NaN or infinity: whoever made the row should have left it empty.</exception>
    public void Number(double? value)
    {
        if (value is not { } number)
        {
            Empty();
            return;
        }
        if (!double.IsFinite(number))
        {
            throw new ArgumentOutOfRangeException(
                nameof(value),
                number,
                "A cell never holds NaN or infinity."
            );
        }
        // Minus zero equals zero, and reads as nonsense.
        _csv.WriteField(number == 0 ? 0.0 : number, "G15");
    }

    /// <summary>0 or 1.</summary>
    public void Truth(bool? value) => Whole(value is { } truth ? (truth ? 1 : 0) : null);

    /// <summary>Text, plain or in piece form as <see cref="TextCell"/> says.</summary>
    public void Text(string? value) => Text(value is null ? null : Encoding.UTF8.GetBytes(value));

    /// <summary>Text that came as bytes, plain or in piece form as <see cref="TextCell"/> says.</summary>
    public void Text(byte[]? value)
    {
        if (
            value is not null
            && TextCell.IsPlain(value)
            && !(_profile.IsForSpreadsheets && ConvertedText.IsIt(value))
        )
        {
            Write(value);
        }
        else
        {
            Piece(value);
        }
    }

    /// <summary>Bytes in piece form.</summary>
    public void Piece(byte[]? value)
    {
        if (value is null)
        {
            Empty();
            return;
        }
        _utf8.ResetWrittenCount();
        PieceNotation.Write(value, _utf8);
        Write(_utf8.WrittenSpan);
    }

    /// <summary>Bytes in hexadecimal: <c>0x204a</c>; of no bytes, <c>0x</c>.</summary>
    public void Hex(byte[]? value)
    {
        if (value is null)
        {
            Empty();
            return;
        }
        _utf8.ResetWrittenCount();
        _utf8.Write("0x"u8);
        Convert.TryToHexStringLower(value, _utf8.GetSpan(2 * value.Length), out var written);
        _utf8.Advance(written);
        Write(_utf8.WrittenSpan);
    }

    /// <summary>Token ids: <c>[2 3434]</c>.</summary>
    public void Ids(int[]? value)
    {
        if (value is null)
        {
            Empty();
            return;
        }
        _utf8.ResetWrittenCount();
        _utf8.Write("["u8);
        for (var index = 0; index < value.Length; index++)
        {
            if (index > 0)
            {
                _utf8.Write(" "u8);
            }
            Utf8Formatter.TryFormat(value[index], _utf8.GetSpan(11), out var written);
            _utf8.Advance(written);
        }
        _utf8.Write("]"u8);
        Write(_utf8.WrittenSpan);
    }

    // No text has more UTF-16 characters than bytes.
    private void Write(ReadOnlySpan<byte> utf8)
    {
        if (
            utf8.Length > _profile.MaxCellChars
            && Encoding.UTF8.GetCharCount(utf8) > _profile.MaxCellChars
        )
        {
            _longCells[Column] = _longCells.GetValueOrDefault(Column) + 1;
        }
        _csv.WriteField(utf8);
    }

    /// <summary>A hash in hexadecimal, or its beginning: <c>sha256:…</c>.</summary>
    public void Sha256(string? hex)
    {
        if (hex is null)
        {
            Empty();
            return;
        }
        _utf8.ResetWrittenCount();
        _utf8.Write("sha256:"u8);
        Encoding.UTF8.GetBytes(hex, _utf8);
        _csv.WriteField(_utf8.WrittenSpan);
    }
}
