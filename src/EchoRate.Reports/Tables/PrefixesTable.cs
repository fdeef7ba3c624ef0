using System.Globalization;
using EchoRate.Core.Arms;
using EchoRate.Core.Results;
using EchoRate.Core.Text;
using EchoRate.Reports.Csv;
using EchoRate.Reports.Page;

namespace EchoRate.Reports.Tables;

/// <summary>Which prefixes end an echo and which leave it, and in one sentence whether it is BOS or any first token.</summary>
public static class PrefixesTable
{
    private const int Shown = 8;

    /// <summary>The sentence and the ends of the ranking for one file and set; empty where nothing was measured.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="ranked">Its prefixes, ranked.</param>
    /// <param name="style">The terminal's width and colours.</param>
    public static string Render(
        string file,
        IReadOnlyList<PrefixSummaryRow> ranked,
        TableStyle style
    )
    {
        var measured = ranked.Where(row => row.Measured > 0).ToList();
        if (measured.Count == 0)
        {
            return "";
        }
        var table = new PipeTable(
            ["Rank", "Prefix", "Kind", "Echo", "Median margin"],
            leading: 2,
            right: [0, 3, 4]
        );
        var named = measured.Where(row => row.Kind is PrefixKind.None or PrefixKind.Bos);
        foreach (
            var row in measured
                .Take(Shown)
                .Concat(named)
                .Concat(measured.TakeLast(Shown))
                .DistinctBy(row => row.Rank)
                .OrderBy(row => row.Rank)
        )
        {
            table.Add(
                string.Create(CultureInfo.InvariantCulture, $"{row.Rank}"),
                row.Prefix is null ? "(nothing)" : TableCell.Piece(row.Prefix.Bytes),
                EnumWords.Of(row.Kind!.Value),
                Echoes(row),
                string.Create(CultureInfo.InvariantCulture, $"{row.MedianMargin:0.00}")
            );
        }
        return $"{file}, {measured[0].Set}: {Sentence(measured)}\n\n{table.Render(style)}";
    }

    /// <summary>The sentence and the whole ranking for a report; empty where nothing was measured.</summary>
    /// <param name="rankings">The prefixes of each file and set, ranked, with the file's name.</param>
    public static IReadOnlyList<ReportSection> Sections(
        IReadOnlyList<(string File, IReadOnlyList<PrefixSummaryRow> Ranked)> rankings
    )
    {
        var measured = rankings
            .Select(one => (one.File, Rows: one.Ranked.Where(row => row.Measured > 0).ToList()))
            .Where(one => one.Rows.Count > 0)
            .ToList();
        return measured.Count == 0
            ? []
            :
            [
                new ReportSection(
                    "What in front ends the echo",
                    [
                        new Lines([
                            .. measured.Select(one =>
                                $"{one.File}, {one.Rows[0].Set}: {Sentence(one.Rows)}"
                            ),
                        ]),
                        .. measured.Select(one =>
                            Table($"{one.File}, {one.Rows[0].Set}", one.Rows)
                        ),
                    ]
                ),
            ];
    }

    private static DataTable Table(string caption, List<PrefixSummaryRow> rows) =>
        new(
            caption,
            [
                DataColumn.Number("Rank"),
                "Prefix",
                "Kind",
                DataColumn.Number("Echoes"),
                DataColumn.Number("Rate"),
                DataColumn.Number("Median margin, nat"),
            ],
            [
                .. rows.Select(row =>
                    (DataCell[])
                        [
                            string.Create(CultureInfo.InvariantCulture, $"{row.Rank}"),
                            row.Prefix is null
                                ? "(nothing)"
                                : new DataCell(
                                    PieceNotation.Format(row.Prefix.Bytes),
                                    IsPiece: true
                                ),
                            EnumWords.Of(row.Kind!.Value),
                            Echoes(row),
                            PageText.Of(row.Rate, "F3"),
                            PageText.Of(row.MedianMargin, "F2"),
                        ]
                ),
            ]
        )
        {
            IsLong = true,
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
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $", {ordinary.Average(row => row.Rate):P0} on average behind {ordinary.Count} ordinary tokens"
                    )
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
        var share = string.Create(CultureInfo.InvariantCulture, $"{enders} of {ordinary.Count}");
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

    private static string Echoes(PrefixSummaryRow row) =>
        string.Create(CultureInfo.InvariantCulture, $"{row.Echoes}/{row.Measured}");
}
