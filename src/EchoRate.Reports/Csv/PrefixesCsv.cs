using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>prefixes.csv</c>: one row per file × set × prefix × item.</summary>
public static class PrefixesCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "prefixes";

    internal const string KindText =
        "what stands in front: nothing, BOS, EOS, another control token, one that nobody uses (`<unused7>`), one that stands for text | nothing was measured";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<RowLine<PrefixRow>> Columns { get; } =
        RowColumns
            .Begin<PrefixRow>()
            .Hex("prefix_hex", line => line.Row.Prefix?.Bytes)
            .Says("its bytes; of a control token, its name | nothing was put in front")
            .Word("prefix_kind", line => line.Row.PrefixKind)
            .Says(KindText)
            .Text("item_set", line => line.Row.ItemSet)
            .Says("the set of items | the file never started, or gave up")
            .TextBytes("item", line => line.Row.Item)
            .Says("the item | the file never started, or gave up")
            .Text("category", line => line.Row.Category)
            .Says("the item's category, such as `male name` | it has none")
            .Token(
                "token",
                row => row.Token,
                "the item's one token, which is fed | it is not one token"
            )
            .Input()
            .Token("top1", row => row.Top1, "the most likely next token | not measured")
            .Truth("echo", line => line.Row.Echo)
            .Says("whether that is the item's token | not measured")
            .Word("echo_class", line => line.Row.EchoClass)
            .Says("how close it comes, as in echo.csv | not measured")
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Says(
                "log-probability of the item's token minus the best of all others: positive exactly where it echoes | any | not measured"
            )
            .Number("token_logprob_nat", line => line.Row.TokenLogProb)
            .Says("log-probability of the item's token | ≤ 0 | not measured")
            .Whole("token_rank", line => line.Row.TokenRank)
            .Says("rank of the item's token, 1 the most likely | ≥ 1 | not measured")
            .Number("top1_logprob_nat", line => line.Row.Top1LogProb)
            .Says("log-probability of the most likely next token | ≤ 0 | not measured")
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of the next token | ≥ 0 | not measured")
            .Sinks()
            .End();
}
