using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>positions.csv</c>: one row per file × arm × prefix × token of the text.</summary>
public static class PositionsCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "positions";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<RowLine<PositionRow>> Columns { get; } =
        RowColumns
            .Begin<PositionRow>()
            .Whole("window", line => line.Row.Window)
            .Says("the window of the text; each starts anew | ≥ 0 | nothing was measured")
            .Whole("position", line => line.Row.Position)
            .Says(
                "the token's place among the text's tokens in its window; what stands in front (BOS) is not counted, so that all arms agree | ≥ 0 | nothing was measured"
            )
            .Token("token", row => row.Token, "the token of the text | nothing was measured")
            .Truth("echo", line => line.Row.Echo)
            .Says("whether the most likely next token is this token again | not measured")
            .Whole("token_rank", line => line.Row.TokenRank)
            .Says(
                "rank of this token among what may come next, 1 the most likely | ≥ 1 | not measured"
            )
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Says(
                "log-probability of this token again minus the best of all others: positive exactly where it echoes | any | not measured"
            )
            .Whole("next_id", line => line.Row.Next?.Id)
            .Says("the token that follows in the text | ≥ 0 | the window ends here")
            .Piece("next_piece", line => line.Row.Next?.Bytes)
            .Says("the same as text | the window ends here")
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Says(
                "log-probability of the token that follows | ≤ 0 | the window ends here, or not measured"
            )
            .Whole("next_rank", line => line.Row.NextRank)
            .Says("rank of the token that follows | ≥ 1 | the window ends here, or not measured")
            .Whole("top1_id", line => line.Row.Top1?.Id)
            .Says("the most likely next token | ≥ 0 | not measured")
            .Piece("top1_piece", line => line.Row.Top1?.Bytes)
            .Says("the same as text | not measured")
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of the next token | ≥ 0 | not measured")
            .Sinks()
            .End();
}
