using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>cut-summary.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="File">The file.</param>
/// <param name="Row">The summary.</param>
public readonly record struct CutSummaryLine(string RunId, FileRecord File, CutSummaryRow Row);

/// <summary><c>cut-summary.csv</c>: one row per file × set × arm × cut.</summary>
public static class CutSummaryCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "cut-summary";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<CutSummaryLine> Columns { get; } =
        RowColumns
            .Begin<CutSummaryLine>(line => line.RunId, line => line.File, line => line.Row.Arm)
            .Cut(line => line.Row.Cut)
            .Text("item_set", line => line.Row.Set)
            .Says("the set of items or prompts | the file never started")
            .Whole("measured", line => line.Row.Measured)
            .Says("items measured, each behind each prefix | ≥ 0 | never")
            .Whole("echoes", line => line.Row.Echoes)
            .Says("of those, how many echo | ≥ 0 | never")
            .Number("echo_rate", line => Rate(line.Row.Echoes, line.Row.Measured))
            .Says("`echoes` ÷ `measured` | 0 to 1 | nothing was measured")
            .Number("echo_rate_low", line => line.Row.EchoInterval?.Low)
            .Says(
                "lower end of its 95 % Wilson interval | 0 to 1 | nothing was measured, or the set is `all`, or items stand behind several prefixes"
            )
            .Number("echo_rate_high", line => line.Row.EchoInterval?.High)
            .Says("upper end | 0 to 1 | as `echo_rate_low`")
            .Number("median_echo_margin_nat", line => line.Row.MedianMargin)
            .Says("median of `echo_margin_nat` | any | nothing was measured")
            .Whole("expecting", line => line.Row.Expecting)
            .Says("prompts measured whose expected text is one token | ≥ 0 | never")
            .Whole("hits", line => line.Row.Hits)
            .Says("of those, how many are answered with it | ≥ 0 | never")
            .Number("hit_rate", line => Rate(line.Row.Hits, line.Row.Expecting))
            .Says("`hits` ÷ `expecting` | 0 to 1 | nothing is expected")
            .Number("hit_rate_low", line => line.Row.HitInterval?.Low)
            .Says(
                "lower end of its 95 % Wilson interval | 0 to 1 | nothing is expected, or as `echo_rate_low`"
            )
            .Number("hit_rate_high", line => line.Row.HitInterval?.High)
            .Says("upper end | 0 to 1 | as `hit_rate_low`")
            .Whole("changed", line => line.Row.Cut is null ? null : line.Row.Changed)
            .Says(
                "items whose outcome (echo; where something is expected, hit) is another than in `none`; for `all_but`, another than in `all` | ≥ 0 | nothing was measured"
            )
            .Whole("decides", line => line.Row.Decides)
            .Says(
                "the larger `changed` of the two cuts `only` and `all_but` of this layer (or head) | ≥ 0 | other cuts"
            )
            .Whole("decides_rank", line => line.Row.Rank)
            .Says(
                "place of the layer among the layers (of the head among the heads) by `decides`, then by both together, then by how far the median margin moves | ≥ 1 | other cuts"
            )
            .Word("status", line => (RowStatus?)line.Row.Status)
            .Says("what became of it; the first four are measurements | never")
            .Text("reason", line => line.Row.Reason)
            .Says("why nothing was measured, one line | something was");

    private static double? Rate(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
