using System.Text;
using EchoRate.Core.Results;
using EchoRate.Core.Text;

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
    /// <summary>A mark behind what came back and is what went in, or was expected.</summary>
    public const char HitMark = '=';

    /// <summary>A mark behind what another batch size or CPU may flip.</summary>
    public const char NearTieMark = '~';

    /// <summary>A mark behind what the published table has too.</summary>
    public const char AgreesMark = '✓';

    /// <summary>A mark behind what the published table has otherwise.</summary>
    public const char DiffersMark = '✗';

    // Some tokens are a hundred spaces long.
    private const int MostColumns = 32;

    public static implicit operator TableCell(string text) => new(text);

    /// <summary>Bytes in piece form. A vertical bar would end the cell; its hexadecimal escape reads back as the same byte.</summary>
    public static string Piece(byte[] bytes, int mostColumns = MostColumns) =>
        DisplayWidth.Clip(
            PieceNotation.Format(bytes).Replace("|", @"\x7c", StringComparison.Ordinal),
            mostColumns,
            "…'"
        );

    /// <summary>What came back, with its marks.</summary>
    /// <param name="bytes">What came back.</param>
    /// <param name="hit">Whether it is what went in, or was expected.</param>
    /// <param name="nearTie">Whether another batch size or CPU may flip it.</param>
    /// <param name="published">Whether the published table's cell is the same; null where it has none.</param>
    public static TableCell Outcome(byte[] bytes, bool hit, bool nearTie, bool? published = null)
    {
        var marks =
            (hit ? $"{HitMark}" : "")
            + (nearTie ? $"{NearTieMark}" : "")
            + (published is { } same ? $"{(same ? AgreesMark : DiffersMark)}" : "");
        return new(
            marks.Length == 0 ? Piece(bytes) : $"{Piece(bytes)} {marks}",
            nearTie ? Tone.NearTie
                : hit ? Tone.Hit
                : Tone.Plain
        );
    }

    /// <summary>What the marks of the published table mean.</summary>
    public static void PublishedLegend(StringBuilder text, bool used)
    {
        if (used)
        {
            text.Append(AgreesMark)
                .Append(" as in the published table, ")
                .Append(DiffersMark)
                .Append(" not as there\n");
        }
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
