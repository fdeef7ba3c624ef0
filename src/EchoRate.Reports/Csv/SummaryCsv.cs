using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>summary.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The summary, which names its file.</param>
public readonly record struct SummaryLine(string RunId, SummaryRow Row);

/// <summary><c>summary.csv</c>: one row per file × arm × probe × set.</summary>
public static class SummaryCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "summary";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<SummaryLine> Columns { get; } =
        SharedColumns
            .Begin<SummaryLine>(line => line.RunId)
            .Of(line => line.Row.File)
            .FileId()
            .Model()
            .Family()
            .Tuning()
            .Quant()
            .Label()
            .TokenEmbedding()
            .Bits()
            .FileBytes()
            .Constructed()
            .Engine()
            .Device()
            .GpuLayers()
            .Arithmetic()
            .Table.Arm(line => line.Row.Arm)
            .Of(line => line.Row.File)
            .BosKind()
            .Table.Text("probe", line => line.Row.Probe)
            .Says(
                "`echo`: a hit is an echo; `completion`: a hit is the expected token on top | never"
            )
            .Text("set", line => line.Row.Set)
            .Says("the item set or prompt set | the file never started")
            .Whole("items", line => line.Row.Items)
            .Says("items asked for | ≥ 0 | never")
            .Whole("measured", line => line.Row.Measured)
            .Says("items that enter the rate: measured, and with an outcome | ≥ 0 | never")
            .Whole("hits", line => line.Row.Hits)
            .Says("echoes, or expected tokens on top | ≥ 0 | never")
            .Number("rate", line => line.Row.Rate)
            .Says("`hits` ÷ `measured` | 0 to 1 | nothing was measured")
            .Number("rate_low", line => line.Row.RateLow)
            .Says(
                "lower end of its 95 % Wilson interval | 0 to 1 | nothing was measured, or the set is `all`, or items stand behind several prefixes"
            )
            .Number("rate_high", line => line.Row.RateHigh)
            .Says("upper end | 0 to 1 | as `rate_low`")
            .Whole("near_ties", line => line.Row.NearTies)
            .Says("items whose margin is within `near_tie_eps_nat` | ≥ 0 | never")
            .Whole("checked_rows", line => line.Row.Checked?.Rows)
            .Says("items that were measured in the other arithmetic too | ≥ 0 | none was")
            .Whole("checked_top1_changed", line => line.Row.Checked?.Top1Changed)
            .Says(
                "of those, how many have another most likely token there | ≥ 0 | as `checked_rows`"
            )
            .Number("checked_delta_median_nat", line => line.Row.Checked?.DeltaMedian)
            .Says(
                "median of the margin's change between both arithmetics, absolute | ≥ 0 | as `checked_rows`"
            )
            .Number("checked_delta_p95_nat", line => line.Row.Checked?.DeltaP95)
            .Says("its 95th percentile | ≥ 0 | as `checked_rows`")
            .Number("near_tie_eps_nat", line => line.Row.NearTieEpsilon)
            .Says(
                "below this margin, absolute, an outcome is a near tie | > 0 | nothing was measured"
            )
            .Number("median_rank", line => line.Row.MedianRank)
            .Says("median rank of the input or expected token | ≥ 1 | nothing was measured")
            .Number("mean_logprob_nat", line => line.Row.MeanLogProb)
            .Says(
                "mean log-probability of the input or expected token | ≤ 0 | nothing was measured"
            )
            .Number("mean_margin_nat", line => line.Row.MeanMargin)
            .Says("mean margin of the input or expected token | any | nothing was measured")
            .Number("mean_entropy_nat", line => line.Row.MeanEntropy)
            .Says("mean entropy of the next token | ≥ 0 | nothing was measured")
            .Whole("published_items", line => line.Row.PublishedItems)
            .Says(
                "items that the published table has a cell for | ≥ 0 | not `without`, or the table has no column for the model"
            )
            .Whole("published_matches", line => line.Row.PublishedMatches)
            .Says("of those, how many agree | ≥ 0 | as `published_items`")
            .Number("rows_per_second", line => line.Row.File.RowsPerSecond)
            .Says(
                "of the whole file: measured rows ÷ seconds of decoding, scoring and writing | ≥ 0 | the file is not done"
            )
            .End(line => line.Row.Status, line => line.Row.Flags, line => line.Row.Reason);
}
