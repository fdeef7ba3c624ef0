using EchoRate.Core.Results;
using EchoRate.Reports.Words;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>echo.csv</c>: a lone token, with the file that it was measured on.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="File">The file.</param>
/// <param name="Row">The measurement.</param>
public readonly record struct EchoLine(string RunId, FileRecord File, EchoRow Row);

/// <summary><c>echo.csv</c>: one row per file × set × arm × prefix × item.</summary>
public static class EchoCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "echo";

    /// <summary>The columns, never reordered. <c>published_top1</c> is in piece form, as the published table prints it.</summary>
    public static ColumnTable<EchoLine> Columns { get; } =
        new ColumnTable<EchoLine>()
            .SchemaVersion()
            .Text("run_id", line => line.RunId)
            .Sha256("file_id", line => line.File.Facts.FileId)
            .Text("model", line => line.File.Facts.Model)
            .Text("family", line => line.File.Facts.Family)
            .Text("quant", line => line.File.Facts.Quantization)
            .Text("token_embd_type", line => line.File.Facts.TokenEmbeddingType)
            .Text("engine", line => line.File.Engine)
            .Text("device", line => line.File.Device)
            .Whole("gpu_layers", line => line.File.GpuLayers)
            .Text("arm", line => line.Row.Arm)
            .Text(
                "bos_kind",
                line => line.File.Facts.BosKind is { } kind ? EnumWords.Of(kind) : null
            )
            .Whole("prefix_id", line => line.Row.Prefix?.Id)
            .Piece("prefix_piece", line => line.Row.Prefix?.Bytes)
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
            .Text("echo_class", line => line.Row.EchoClass is { } kind ? EnumWords.Of(kind) : null)
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
            .Text("status", line => EnumWords.Of(line.Row.Status))
            .WordList("flags", line => line.Row.Flags)
            .Text("reason", line => line.Row.Reason);
}
