using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>lens.csv</c>: one row per file × set × arm × prefix × item × layer.</summary>
public static class LensCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "lens";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<RowLine<LensRow>> Columns { get; } =
        RowColumns
            .Begin<LensRow>()
            .Text("item_set", line => line.Row.ItemSet)
            .Says("the set of items or prompts | the file never started, or gave up")
            .TextBytes("item", line => line.Row.Item)
            .Says("the item, or the prompt's text | the file never started, or gave up")
            .Text("category", line => line.Row.Category)
            .Says("the item's category, such as `male name` | it has none")
            .Token(
                "token",
                row => row.Token,
                "the item's one token, or the prompt's last: what echoes | there is none"
            )
            .Input()
            .Whole("layer", line => line.Row.Layer)
            .Says(
                "the layer whose residual is decoded by the final norm and the head; -1 is the input embedding | ≥ -1 | nothing was measured"
            )
            .Token(
                "top1",
                row => row.Top1,
                "what the model would answer if it ended there | not measured"
            )
            .Truth("echo", line => line.Row.Echo)
            .Says("whether that is the token itself | not measured")
            .Whole("token_rank", line => line.Row.TokenRank)
            .Says("rank of the token, 1 the most likely | ≥ 1 | not measured")
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Says(
                "log-probability of the token minus the best of all others: positive exactly where it echoes | any | not measured"
            )
            .Number("token_logprob_nat", line => line.Row.TokenLogProb)
            .Says("log-probability of the token | ≤ 0 | not measured")
            .Token(
                "next",
                row => row.Next,
                "what the model answers in the end, after its last layer | not measured"
            )
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Says("log-probability of that answer after this layer | ≤ 0 | not measured")
            .Whole("next_rank", line => line.Row.NextRank)
            .Says("rank of that answer after this layer | ≥ 1 | not measured")
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of what this layer decodes to | ≥ 0 | not measured")
            .Number("residual_norm", line => line.Row.ResidualNorm)
            .Says("length of the residual, before any norm | ≥ 0 | not measured")
            .Sinks("after this layer", over: "the layer's heads")
            .End();
}
