using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>cut.csv</c>: one row per file × set × arm × prefix × item × cut.</summary>
public static class CutCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "cut";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<RowLine<CutRow>> Columns { get; } =
        RowColumns
            .Begin<CutRow>()
            .Cut(line => line.Row.Cut)
            .Ids("positions", line => line.Row.Cut?.Positions.ToArray())
            .Says(
                "the positions that are cut off, 0-based: the last one may not attend to them | nothing was measured"
            )
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
            .Truth("echo", line => line.Row.Echo)
            .Says("whether the token itself is the most likely next one | not measured")
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Says(
                "log-probability of the token minus the best of all others: positive exactly where it echoes | any | not measured"
            )
            .Whole("token_rank", line => line.Row.TokenRank)
            .Says("rank of the token, 1 the most likely | ≥ 1 | not measured")
            .Number("token_logprob_nat", line => line.Row.TokenLogProb)
            .Says("log-probability of the token | ≤ 0 | not measured")
            .Token("top1", row => row.Top1, "what the model answers | not measured")
            .Number("top1_logprob_nat", line => line.Row.Top1LogProb)
            .Says("log-probability of that answer | ≤ 0 | not measured")
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of the answer | ≥ 0 | not measured")
            .Text("expected", line => line.Row.Expected)
            .Says("what a prompt's set expects next | it is a word's row, or nothing is expected")
            .Truth("hit", line => line.Row.Hit)
            .Says(
                "whether the model answers with it | not measured, or what is expected is not one token"
            )
            .Number("expected_margin_nat", line => line.Row.ExpectedMargin)
            .Says(
                "log-probability of the expected token minus the best of all others: positive exactly at a hit | any | as `hit`"
            )
            .Sinks()
            .End();

    /// <summary>The columns that say which cut it is.</summary>
    internal static ColumnTable<TRow> Cut<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, AttentionCut?> cut
    ) =>
        table
            .Word("cut", row => cut(row)?.Kind)
            .Says(
                "where the attention is cut: in no layer, in every one, from `layer` on, up to it, only in it, in all but it | nothing was measured"
            )
            .Whole("layer", row => cut(row)?.Layer)
            .Says("the layer that `cut` is about | ≥ 0 | `none` and `all`")
            .Whole("head", row => cut(row)?.Head)
            .Says(
                "the head of that layer that `only` and `all_but` are about | ≥ 0 | they are about the whole layer"
            );
}
