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
            .Text("prompt_id", line => line.Row.PromptId)
            .Text("prompt", line => line.Row.Prompt)
            .Ids("input_ids", line => line.Row.InputIds)
            .Text("expected", line => line.Row.Expected)
            .Whole("expected_id", line => line.Row.ExpectedId)
            .Whole("next_id", line => line.Row.Next?.Id)
            .Piece("next_piece", line => line.Row.Next?.Bytes)
            .Hex("next_hex", line => line.Row.Next?.Bytes)
            .Truth("hit", line => line.Row.Hit)
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Number("expected_logprob_nat", line => line.Row.ExpectedLogProb)
            .Whole("expected_rank", line => line.Row.ExpectedRank)
            .Number("expected_margin_nat", line => line.Row.ExpectedMargin)
            .Truth("near_tie", line => line.Row.NearTie)
            .Number("entropy_nat", line => line.Row.Entropy)
            .TextBytes("continuation", line => line.Row.Continuation)
            .Ids("continuation_ids", line => line.Row.ContinuationIds)
            .Word("stop", line => line.Row.Stop)
            .Sha256("reference_file_id", line => line.Row.ReferenceFileId)
            .Whole("reference_next_id", line => line.Row.ReferenceTop1?.Id)
            .Number("kld_nat", line => line.Row.Kld)
            .Number("delta_expected_logprob_nat", line => line.Row.DeltaExpectedLogProb)
            .Truth("flip", line => line.Row.Flip)
            .Piece("published_next", line => line.Row.PublishedNext)
            .Truth("published_match", line => line.Row.PublishedMatch)
            .End();
}
