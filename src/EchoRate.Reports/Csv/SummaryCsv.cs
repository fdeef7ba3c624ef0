using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>summary.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The summary, which names its file.</param>
public readonly record struct SummaryLine(string RunId, SummaryRow Row);

/// <summary><c>summary.csv</c>: one row per file × arm × probe × set.</summary>
public static class SummaryCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "summary";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<SummaryLine> Columns { get; } =
        new ColumnTable<SummaryLine>()
            .SchemaVersion()
            .Text("run_id", line => line.RunId)
            .Sha256("file_id", line => line.Row.File.Facts.FileId)
            .Text("model", line => line.Row.File.Facts.Model)
            .Text("family", line => line.Row.File.Facts.Family)
            .Text("tuning", line => line.Row.File.Facts.Tuning)
            .Text("quant", line => line.Row.File.Facts.Quantization)
            .Text("label", line => line.Row.File.Facts.Label)
            .Text("token_embd_type", line => line.Row.File.Facts.TokenEmbeddingType)
            .Number("bits_per_weight", line => line.Row.File.Facts.BitsPerWeight)
            .Whole("file_bytes", line => line.Row.File.Facts.FileBytes)
            .Truth("constructed", line => line.Row.File.Facts.Constructed)
            .Text("engine", line => line.Row.File.Engine)
            .Text("device", line => line.Row.File.Device)
            .Whole("gpu_layers", line => line.Row.File.GpuLayers)
            .Word("arithmetic", line => line.Row.File.Arithmetic)
            .Text("arm", line => line.Row.Arm)
            .Word("bos_kind", line => line.Row.File.Facts.BosKind)
            .Text("probe", line => line.Row.Probe)
            .Text("set", line => line.Row.Set)
            .Whole("items", line => line.Row.Items)
            .Whole("measured", line => line.Row.Measured)
            .Whole("hits", line => line.Row.Hits)
            .Number("rate", line => line.Row.Rate)
            .Number("rate_low", line => line.Row.RateLow)
            .Number("rate_high", line => line.Row.RateHigh)
            .Whole("near_ties", line => line.Row.NearTies)
            .Whole("checked_rows", line => line.Row.Checked?.Rows)
            .Whole("checked_top1_changed", line => line.Row.Checked?.Top1Changed)
            .Number("checked_delta_median_nat", line => line.Row.Checked?.DeltaMedian)
            .Number("checked_delta_p95_nat", line => line.Row.Checked?.DeltaP95)
            .Number("near_tie_eps_nat", line => line.Row.NearTieEpsilon)
            .Number("median_rank", line => line.Row.MedianRank)
            .Number("mean_logprob_nat", line => line.Row.MeanLogProb)
            .Number("mean_margin_nat", line => line.Row.MeanMargin)
            .Number("mean_entropy_nat", line => line.Row.MeanEntropy)
            .Whole("published_items", line => line.Row.PublishedItems)
            .Whole("published_matches", line => line.Row.PublishedMatches)
            .Number("rows_per_second", line => line.Row.File.RowsPerSecond)
            .Word<RowStatus>("status", line => line.Row.Status)
            .WordList("flags", line => line.Row.Flags)
            .Text("reason", line => line.Row.Reason);
}
