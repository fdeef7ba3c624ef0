using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;
using static EchoRate.Reports.Page.DataColumn;

namespace EchoRate.Reports.Looks;

/// <summary>Which prefixes end an echo and which leave it, and in one sentence whether it is BOS or any first token.</summary>
public static class PrefixesSection
{
    /// <summary>The sentence and the whole ranking of each file and set; null where nothing was measured.</summary>
    /// <param name="rankings">The prefixes of each file and set, ranked, with the file's name.</param>
    public static ReportSection? Of(
        IEnumerable<(string File, IReadOnlyList<PrefixSummaryRow> Ranked)> rankings
    )
    {
        var measured = rankings
            .Select(one => (one.File, Rows: one.Ranked.Where(row => row.Measured > 0).ToList()))
            .Where(one => one.Rows.Count > 0)
            .Select(one => (Name: $"{one.File}, {one.Rows[0].Set}", one.Rows))
            .ToList();
        return measured.Count == 0
            ? null
            : new ReportSection(
                "What in front ends the echo",
                [
                    new Lines([.. measured.Select(one => $"{one.Name}: {Sentence(one.Rows)}")]),
                    .. measured.Select(one => Table(one.Name, one.Rows)),
                ]
            );
    }

    private static DataTable Table(string caption, List<PrefixSummaryRow> rows) =>
        DataTable.Of(
            caption,
            rows,
            [
                (Number("Rank"), row => $"{row.Rank}"),
                (
                    "Prefix",
                    row =>
                        row.Prefix is { } prefix
                            ? new DataCell(PieceNotation.Format(prefix.Bytes), IsPiece: true)
                            : "(nothing)"
                ),
                ("Kind", row => EnumWords.Of(row.Kind!.Value)),
                (Number("Echoes"), row => Echoes(row)),
                (Number("Rate"), row => PageText.Of(row.Rate, "F3")),
                (Number("Median margin, nat"), row => PageText.Of(row.MedianMargin, "F2")),
            ]
        ) with
        {
            IsLong = true,
            Leading = 2,
        };

    /// <summary>Is it BOS, or any first token?</summary>
    /// <param name="measured">The prefixes that were measured.</param>
    public static string Sentence(IReadOnlyList<PrefixSummaryRow> measured)
    {
        var nothing = measured.FirstOrDefault(row => row.Kind == PrefixKind.None);
        var bos = measured.FirstOrDefault(row => row.Kind == PrefixKind.Bos);
        var ordinary = measured.Where(row => row.Kind == PrefixKind.Ordinary).ToList();
        if (nothing is null)
        {
            return "nothing was measured without a prefix, so there is nothing to hold the others against.";
        }
        var counts =
            $"{Echoes(nothing)} echo with nothing in front, "
            + (bos is null ? "(there is no BOS)" : $"{Echoes(bos)} behind BOS")
            + (
                ordinary.Count == 0
                    ? ""
                    : $", {ordinary.Average(row => row.Rate):P0} on average behind {ordinary.Count} ordinary tokens"
            );
        return $"{counts}: {Verdict(nothing, bos, ordinary)}";
    }

    // A prefix ends the echo where it leaves less than half of it.
    private static string Verdict(
        PrefixSummaryRow nothing,
        PrefixSummaryRow? bos,
        List<PrefixSummaryRow> ordinary
    )
    {
        if (nothing.Echoes == 0)
        {
            return bos is { Echoes: > 0 }
                ? "there is no echo to end, and BOS makes one."
                : "there is no echo to end.";
        }
        var enders = ordinary.Count(Ends);
        var share = $"{enders} of {ordinary.Count}";
        var (few, most) = (enders <= ordinary.Count / 10, enders >= ordinary.Count * 9 / 10);
        return (bos is not null && Ends(bos), ordinary.Count) switch
        {
            (true, 0) => "BOS ends the echo.",
            (false, 0) when bos is null => "no first token was tried.",
            (false, 0) => "BOS does not end the echo.",
            (true, _) when few =>
                $"it is BOS that ends the echo, not any first token ({share} ordinary tokens do).",
            (true, _) when most =>
                $"any first token ends the echo, BOS among them ({share} ordinary tokens do).",
            (true, _) => $"BOS ends the echo, and so do {share} ordinary tokens.",
            (false, _) when few =>
                $"neither BOS nor any first token ends the echo ({share} ordinary tokens do).",
            (false, _) => $"{share} ordinary tokens end the echo"
                + (bos is null ? "." : ", and BOS does not."),
        };

        bool Ends(PrefixSummaryRow row) => row.Rate < nothing.Rate / 2;
    }

    private static string Echoes(PrefixSummaryRow row) => $"{row.Echoes}/{row.Measured}";
}
