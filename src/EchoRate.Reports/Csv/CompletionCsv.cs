using EchoRate.Core.Results;
using EchoRate.Reports.Words;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>completion.csv</c>: a prompt, with the file that it was measured on.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="File">The file.</param>
/// <param name="Row">The measurement.</param>
public readonly record struct CompletionLine(string RunId, FileRecord File, CompletionRow Row);

/// <summary><c>completion.csv</c>: one row per file × set × arm × prefix × prompt.</summary>
public static class CompletionCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "completion";

    /// <summary>The columns, never reordered. <c>published_next</c> is in piece form, as the published table prints it.</summary>
    public static ColumnTable<CompletionLine> Columns { get; } =
        new ColumnTable<CompletionLine>()
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
            .Text("stop", line => line.Row.Stop is { } stop ? EnumWords.Of(stop) : null)
            .Sha256("reference_file_id", line => line.Row.ReferenceFileId)
            .Whole("reference_next_id", line => line.Row.ReferenceTop1?.Id)
            .Number("kld_nat", line => line.Row.Kld)
            .Number("delta_expected_logprob_nat", line => line.Row.DeltaExpectedLogProb)
            .Truth("flip", line => line.Row.Flip)
            .Piece("published_next", line => line.Row.PublishedNext)
            .Truth("published_match", line => line.Row.PublishedMatch)
            .Text("status", line => EnumWords.Of(line.Row.Status))
            .WordList("flags", line => line.Row.Flags)
            .Text("reason", line => line.Row.Reason);
}
