using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>positions-summary.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The summary, which names its file.</param>
public readonly record struct PositionSummaryLine(string RunId, PositionSummaryRow Row);

/// <summary><c>positions-summary.csv</c>: one row per file × arm × prefix × part of the windows.</summary>
public static class PositionsSummaryCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "positions-summary";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<PositionSummaryLine> Columns { get; } =
        RowColumns
            .Begin<PositionSummaryLine>(
                line => line.RunId,
                line => line.Row.File,
                line => line.Row.Arm,
                line => line.Row.Prefix
            )
            .Word("part", line => (PositionPart?)line.Row.Part)
            .Says(
                "`bin`: tokens about as far from the beginning of their window; `all`: every token; `later`: all but the first 16 of each window | never"
            )
            .Whole("first_token", line => line.Row.LastToken == 0 ? null : line.Row.FirstToken)
            .Says(
                "the first token of a window that is counted here, the window's first being 1 (`position` 0) | ≥ 1 | nothing was measured"
            )
            .Whole("last_token", line => line.Row.LastToken == 0 ? null : line.Row.LastToken)
            .Says("the last one | ≥ 1 | nothing was measured")
            .Whole("positions", line => line.Row.Positions)
            .Says("tokens there, of all windows together | ≥ 0 | never")
            .Whole("measured", line => line.Row.Measured)
            .Says("of those, measured | ≥ 0 | never")
            .Whole("echoes", line => line.Row.Echoes)
            .Says("of those, given back | ≥ 0 | never")
            .Number("rate", line => line.Row.Rate)
            .Says("`echoes` ÷ `measured` | 0 to 1 | nothing was measured")
            .Number("rate_low", line => line.Row.Interval?.Low)
            .Says(
                "lower end of its 95 % Wilson interval, as if the tokens were drawn one by one | 0 to 1 | nothing was measured"
            )
            .Number("rate_high", line => line.Row.Interval?.High)
            .Says("upper end | 0 to 1 | nothing was measured")
            .Number("mean_margin_nat", line => line.Row.MeanMargin)
            .Says("mean of `echo_margin_nat` | any | nothing was measured")
            .Whole("followed", line => line.Row.Followed)
            .Says("tokens that another follows in their window, which was scored | ≥ 0 | never")
            .Number("perplexity", line => line.Row.Perplexity)
            .Says(
                "exp of minus the mean of `next_logprob_nat` over those tokens | ≥ 1 | there is none"
            )
            .Number("llama_perplexity", line => line.Row.LlamaPerplexity)
            .Says(
                "perplexity of the text as llama-perplexity counts it with n_ctx equal to the window: whole windows, BOS in the place of a token, the second half of each | ≥ 1 | not the row `all`, or not the arm that llama-perplexity measures (`with` where `bos_kind` is `native`, else `without`), or the text is shorter than two windows"
            )
            .End(line => line.Row.Status, line => line.Row.File.Flags, line => line.Row.Reason);
}
