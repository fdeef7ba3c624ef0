using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>echo.csv</c> or <c>completion.csv</c>: a measurement, with the file that it was taken on.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="File">The file.</param>
/// <param name="Row">The measurement.</param>
public readonly record struct RowLine<TRow>(string RunId, FileRecord File, TRow Row)
    where TRow : MeasuredRow;

/// <summary>The columns that <c>echo.csv</c> and <c>completion.csv</c> have in common.</summary>
internal static class RowColumns
{
    /// <summary>The first columns: the file and the condition.</summary>
    public static ColumnTable<RowLine<TRow>> Begin<TRow>()
        where TRow : MeasuredRow =>
        new ColumnTable<RowLine<TRow>>()
            .SchemaVersion()
            .Text("run_id", line => line.RunId)
            .Sha256("file_id", line => line.File.Facts.FileId)
            .Text("model", line => line.File.Facts.Model)
            .Text("family", line => line.File.Facts.Family)
            .Text("quant", line => line.File.Facts.Quantization)
            .Text("label", line => line.File.Facts.Label)
            .Text("token_embd_type", line => line.File.Facts.TokenEmbeddingType)
            .Text("engine", line => line.File.Engine)
            .Text("device", line => line.File.Device)
            .Whole("gpu_layers", line => line.File.GpuLayers)
            .Word("arithmetic", line => line.File.Arithmetic)
            .Text("arm", line => line.Row.Arm)
            .Word("bos_kind", line => line.File.Facts.BosKind)
            .Whole("prefix_id", line => line.Row.Prefix?.Id)
            .Piece("prefix_piece", line => line.Row.Prefix?.Bytes);

    /// <summary>The last columns: what became of the row.</summary>
    public static ColumnTable<RowLine<TRow>> End<TRow>(this ColumnTable<RowLine<TRow>> table)
        where TRow : MeasuredRow =>
        table
            .Word<RowStatus>("status", line => line.Row.Status)
            .WordList("flags", line => line.Row.Flags)
            .Text("reason", line => line.Row.Reason);
}
