using EchoRate.Core.Results;
using EchoRate.Core.Text;
using Spectre.Console;

namespace EchoRate.Reports.Tables;

/// <summary>What a cell's colour says.</summary>
internal enum Tone
{
    Plain,

    /// <summary>An echo, a hit.</summary>
    Hit,

    /// <summary>Too close to call.</summary>
    NearTie,

    /// <summary>Not measured.</summary>
    Absent,
}

/// <summary>A cell's text and tone.</summary>
internal readonly record struct TableCell(string Text, Tone Tone = Tone.Plain)
{
    public const string NearTieLegend =
        "~ a near tie: what the arithmetic leaves open may flip it\n";
    public const string PublishedLegend = "✓ as in the published table, ✗ not as there\n";

    // Some tokens are a hundred spaces long.
    private const int MostColumns = 32;

    public static implicit operator TableCell(string text) => new(text);

    /// <summary>Bytes in piece form. A vertical bar would end the cell; its hexadecimal escape reads back as the same byte.</summary>
    public static string Piece(byte[] bytes, int mostColumns = MostColumns) =>
        Cut(
            PieceNotation.Format(bytes).Replace("|", @"\x7c", StringComparison.Ordinal),
            mostColumns
        );

    /// <summary>A piece form, cut where it is longer than so many columns of a terminal.</summary>
    public static string Cut(string text, int mostColumns)
    {
        const string ellipsis = "…'";
        if (text.GetCellWidth() <= mostColumns)
        {
            return text;
        }
        var (kept, room) = (0, mostColumns - ellipsis.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            room -= rune.ToString().GetCellWidth();
            if (room < 0)
            {
                break;
            }
            kept += rune.Utf16SequenceLength;
        }
        return text[..kept] + ellipsis;
    }

    /// <summary>What came back, with its marks.</summary>
    public static TableCell Outcome(MeasuredRow row)
    {
        var (isHit, isNearTie) = (row.Outcome == true, row.NearTie == true);
        var marks =
            (isHit ? "=" : "")
            + (isNearTie ? "~" : "")
            + row.PublishedMatch switch
            {
                true => "✓",
                false => "✗",
                null => "",
            };
        return new(
            $"{Piece(row.Answer!.Bytes)} {marks}".TrimEnd(),
            isNearTie ? Tone.NearTie
                : isHit ? Tone.Hit
                : Tone.Plain
        );
    }

    /// <summary>A few words for what was not measured.</summary>
    public static TableCell Absent(RowStatus status, int? tokenCount = null) =>
        new(
            status switch
            {
                RowStatus.NoBos => "no BOS",
                RowStatus.NotSingleToken => tokenCount is { } count
                    ? $"({count} tokens)"
                    : "(not 1 token)",
                RowStatus.Nonfinite => "NaN",
                RowStatus.NotHere => "not here",
                RowStatus.Failed => "failed",
                _ => "",
            },
            Tone.Absent
        );
}
