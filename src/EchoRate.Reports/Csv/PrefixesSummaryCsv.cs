using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>prefixes-summary.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The summary, which names its file.</param>
public readonly record struct PrefixSummaryLine(string RunId, PrefixSummaryRow Row);

/// <summary><c>prefixes-summary.csv</c>: one row per file × set × prefix, ranked.</summary>
public static class PrefixesSummaryCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "prefixes-summary";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<PrefixSummaryLine> Columns { get; } =
        RowColumns
            .Begin<PrefixSummaryLine>(
                line => line.RunId,
                line => line.Row.File,
                line => line.Row.Arm,
                line => line.Row.Prefix
            )
            .Hex("prefix_hex", line => line.Row.Prefix?.Bytes)
            .Says("its bytes; of a control token, its name | nothing was put in front")
            .Word("prefix_kind", line => line.Row.Kind)
            .Says(PrefixesCsv.KindText)
            .Text("item_set", line => line.Row.Set)
            .Says("the set of items | nothing was measured")
            .Whole("rank", line => line.Row.Rank)
            .Says(
                "place among the prefixes of the file and set, by `rate` and then by `median_margin_nat`: 1 ends the echo most | ≥ 1 | nothing was measured"
            )
            .Whole("items", line => line.Row.Items)
            .Says("items behind it | ≥ 0 | never")
            .Whole("measured", line => line.Row.Measured)
            .Says("of those, measured | ≥ 0 | never")
            .Whole("echoes", line => line.Row.Echoes)
            .Says("of those, given back | ≥ 0 | never")
            .Number("rate", line => line.Row.Rate)
            .Says("`echoes` ÷ `measured` | 0 to 1 | nothing was measured")
            .Number("rate_low", line => line.Row.Interval?.Low)
            .Says("lower end of its 95 % Wilson interval | 0 to 1 | nothing was measured")
            .Number("rate_high", line => line.Row.Interval?.High)
            .Says("upper end | 0 to 1 | nothing was measured")
            .Number("median_margin_nat", line => line.Row.MedianMargin)
            .Says("median of `echo_margin_nat` | any | nothing was measured")
            .End(line => line.Row.Status, line => line.Row.File.Flags, line => line.Row.Reason);
}
