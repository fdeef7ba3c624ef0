using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>echo.csv</c>: one row per file × set × arm × prefix × item.</summary>
public static class EchoCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "echo";

    /// <summary>The columns, never reordered. <c>published_top1</c> is in piece form, as the published table prints it.</summary>
    public static ColumnTable<RowLine<EchoRow>> Columns { get; } =
        RowColumns
            .Begin<EchoRow>()
            .Text("item_set", line => line.Row.ItemSet)
            .Says(
                "the set that the item belongs to: `words`, `sample:500`, a file's name | the file never started"
            )
            .TextBytes("item", line => line.Row.Item)
            .Says(
                "what was asked for, leading space and all | the file never started, or died before its words were known"
            )
            .Text("category", line => line.Row.Category ?? line.Row.Kind)
            .Says(
                "the item's category, such as `male name`; where it has none, the kind of its token: `word after a space`, `word without a space`, `other script`, `mixed` (letters and other things), `digits and signs` (no letter), `markup` (`<…>`), `bytes` (not UTF-8) | it has none, and is not one token"
            )
            .Token(
                "token",
                row => row.Token,
                "the item's one token, which is fed | it is not one token"
            )
            .Number("vocab_quantile", line => line.Row.VocabularyQuantile)
            .Says(
                "`token_id` ÷ size of the vocabulary: high ids are rare words in most vocabularies | 0 to 1 | it is not one token"
            )
            .Input()
            .Token("top1", row => row.Top1, "the most likely next token | not measured")
            .Truth("echo", line => line.Row.Echo)
            .Says(
                "whether the most likely next token is the input token; its average is the echo rate | not measured"
            )
            .Word("echo_class", line => line.Row.EchoClass)
            .Says(
                "how close the most likely next token comes: the same id, another id with the same bytes, equal but for case and leading space, the input's bytes and more (' sad' → ' saddest'), something else | not measured"
            )
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Says(
                "log-probability of the input token minus the best of all others: positive exactly where it echoes | any | not measured"
            )
            .Truth("near_tie", line => line.Row.NearTie)
            .Says(
                "whether the margin is so small that the arithmetic may turn the outcome over (summary.csv has the bound, `near_tie_eps_nat`) | not measured"
            )
            .Number("token_logprob_nat", line => line.Row.TokenLogProb)
            .Says("log-probability of the input token | ≤ 0 | not measured")
            .Whole("token_rank", line => line.Row.TokenRank)
            .Says("rank of the input token, 1 the most likely | ≥ 1 | not measured")
            .Number("top1_logprob_nat", line => line.Row.Top1LogProb)
            .Says("log-probability of the most likely next token | ≤ 0 | not measured")
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of the next token | ≥ 0 | not measured")
            .Sha256("reference_file_id", line => line.Row.ReferenceFileId)
            .Says(
                "the reference that the row is held against | it is the reference's own, or there is none, or other ids went in, or not measured"
            )
            .Whole("reference_top1_id", line => line.Row.ReferenceTop1?.Id)
            .Says("the reference's most likely next token | ≥ 0 | as `reference_file_id`")
            .Number("kld_nat", line => line.Row.Kld)
            .Says(
                "KL(reference ‖ this file) over the whole vocabulary, of a lone token: not comparable with text benchmarks | ≥ 0 | as `reference_file_id`"
            )
            .Number("delta_token_logprob_nat", line => line.Row.DeltaTokenLogProb)
            .Says("`token_logprob_nat` minus the reference's | any | as `reference_file_id`")
            .Truth("flip", line => line.Row.Flip)
            .Says("whether `echo` differs from the reference's | as `reference_file_id`")
            .Piece("published_top1", line => line.Row.PublishedTop1)
            .Says(
                "what the published table has in this cell | not `without`, or the table has no such cell"
            )
            .Truth("published_match", line => line.Row.PublishedMatch)
            .Says(
                "whether `top1_piece` is the published cell, by bytes | as `published_top1`, or not measured"
            )
            .Whole("published_rank", line => line.Row.PublishedRank)
            .Says(
                "rank of the published cell's token here: 2 is a near miss | ≥ 1 | as `published_match`, or the cell is no token here"
            )
            .Number("published_gap_nat", line => line.Row.PublishedGap)
            .Says(
                "`top1_logprob_nat` minus the published cell's log-probability | ≥ 0 | as `published_rank`"
            )
            .End();
}
