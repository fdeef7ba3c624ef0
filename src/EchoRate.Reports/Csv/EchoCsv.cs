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
            .TextBytes("item", line => line.Row.Item)
            .Text("category", line => line.Row.Category)
            .Whole("token_id", line => line.Row.Token?.Id)
            .Piece("token_piece", line => line.Row.Token?.Bytes)
            .Hex("token_hex", line => line.Row.Token?.Bytes)
            .Number("vocab_quantile", line => line.Row.VocabularyQuantile)
            .Ids("input_ids", line => line.Row.InputIds)
            .Whole("top1_id", line => line.Row.Top1?.Id)
            .Piece("top1_piece", line => line.Row.Top1?.Bytes)
            .Hex("top1_hex", line => line.Row.Top1?.Bytes)
            .Truth("echo", line => line.Row.Echo)
            .Word("echo_class", line => line.Row.EchoClass)
            .Number("echo_margin_nat", line => line.Row.EchoMargin)
            .Truth("near_tie", line => line.Row.NearTie)
            .Number("token_logprob_nat", line => line.Row.TokenLogProb)
            .Whole("token_rank", line => line.Row.TokenRank)
            .Number("top1_logprob_nat", line => line.Row.Top1LogProb)
            .Number("entropy_nat", line => line.Row.Entropy)
            .Sha256("reference_file_id", line => line.Row.ReferenceFileId)
            .Whole("reference_top1_id", line => line.Row.ReferenceTop1?.Id)
            .Number("kld_nat", line => line.Row.Kld)
            .Number("delta_token_logprob_nat", line => line.Row.DeltaTokenLogProb)
            .Truth("flip", line => line.Row.Flip)
            .Piece("published_top1", line => line.Row.PublishedTop1)
            .Truth("published_match", line => line.Row.PublishedMatch)
            .Whole("published_rank", line => line.Row.PublishedRank)
            .Number("published_gap_nat", line => line.Row.PublishedGap)
            .End();
}
