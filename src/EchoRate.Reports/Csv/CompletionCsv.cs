using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary><c>completion.csv</c>: one row per file × set × arm × prefix × prompt.</summary>
public static class CompletionCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "completion";

    /// <summary>The columns, never reordered. <c>published_next</c> is in piece form, as the published table prints it.</summary>
    public static ColumnTable<RowLine<CompletionRow>> Columns { get; } =
        RowColumns
            .Begin<CompletionRow>()
            .Text("prompt_set", line => line.Row.PromptSet)
            .Says(
                "the set that the prompt belongs to: `published`, `ioi`, a file's name | the file never started"
            )
            .Text("prompt_id", line => line.Row.PromptId)
            .Says("the prompt's name in its set | the file never started")
            .Text("prompt", line => line.Row.Prompt)
            .Says("the prompt | the file never started")
            .Input()
            .Text("expected", line => line.Row.Expected)
            .Says("what is expected to follow | nothing was given")
            .Whole("expected_id", line => line.Row.ExpectedId)
            .Says("its one token | ≥ 0 | it is not one token")
            .Token("next", row => row.Next, "the most likely next token | not measured")
            .Truth("hit", line => line.Row.Hit)
            .Says(
                "whether the most likely next token is the expected one; its average is the completion rate | not measured, or nothing that is one token is expected"
            )
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Says("log-probability of the most likely next token | ≤ 0 | not measured")
            .Number("expected_logprob_nat", line => line.Row.ExpectedLogProb)
            .Says("log-probability of the expected token | ≤ 0 | as `hit`")
            .Whole("expected_rank", line => line.Row.ExpectedRank)
            .Says("its rank, 1 the most likely | ≥ 1 | as `hit`")
            .Number("expected_margin_nat", line => line.Row.ExpectedMargin)
            .Says(
                "its log-probability minus the best of all others: positive exactly at a hit | any | as `hit`"
            )
            .Truth("near_tie", line => line.Row.NearTie)
            .Says(
                "whether that margin is so small that the arithmetic may turn the outcome over | as `hit`"
            )
            .Number("entropy_nat", line => line.Row.Entropy)
            .Says("entropy of the next token | ≥ 0 | not measured")
            .TextBytes("continuation", line => line.Row.Continuation)
            .Says(
                "the greedy continuation, beginning with the next token; a token that ends generation is left out | none was asked for, or not measured"
            )
            .Ids("continuation_ids", line => line.Row.ContinuationIds)
            .Says("its ids, a token that ends generation included | as `continuation`")
            .Word("stop", line => line.Row.Stop)
            .Says(
                "why it ended: such a token, or as many tokens as were asked for | as `continuation`"
            )
            .Sha256("reference_file_id", line => line.Row.ReferenceFileId)
            .Says(
                "the reference that the row is held against | it is the reference's own, or there is none, or other ids went in, or not measured"
            )
            .Whole("reference_next_id", line => line.Row.ReferenceTop1?.Id)
            .Says("the reference's most likely next token | ≥ 0 | as `reference_file_id`")
            .Number("kld_nat", line => line.Row.Kld)
            .Says(
                "KL(reference ‖ this file) of the next token, over the whole vocabulary | ≥ 0 | as `reference_file_id`"
            )
            .Number("delta_expected_logprob_nat", line => line.Row.DeltaExpectedLogProb)
            .Says(
                "`expected_logprob_nat` minus the reference's | any | as `reference_file_id`, or as `hit`"
            )
            .Truth("flip", line => line.Row.Flip)
            .Says(
                "whether `hit` differs from the reference's | as `reference_file_id`, or as `hit`"
            )
            .Piece("published_next", line => line.Row.PublishedNext)
            .Says("what was published for this prompt | not `without`, or nothing was published")
            .Truth("published_match", line => line.Row.PublishedMatch)
            .Says("whether `next_piece` is that, by bytes | as `published_next`, or not measured")
            .End();
}
