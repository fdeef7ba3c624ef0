using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>files.csv</c>: a model file in a run.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="File">The file.</param>
public readonly record struct FileLine(string RunId, FileRecord File);

/// <summary><c>files.csv</c>: one row per model file × engine × device.</summary>
public static class FilesCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "files";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<FileLine> Columns { get; } =
        new ColumnTable<FileLine>()
            .SchemaVersion()
            .Text("run_id", line => line.RunId)
            .Sha256("file_id", line => line.File.Facts.FileId)
            .Text("model", line => line.File.Facts.Model)
            .Text("family", line => line.File.Facts.Family)
            .Text("tuning", line => line.File.Facts.Tuning)
            .Text("source", line => line.File.Facts.Source)
            .Text("source_repo", line => line.File.Facts.SourceRepo)
            .Text("source_revision", line => line.File.Facts.SourceRevision)
            .Text("path", line => line.File.Facts.Path)
            .Sha256("sha256", line => line.File.Facts.Sha256)
            .Truth("constructed", line => line.File.Facts.Constructed)
            .Text("architecture", line => line.File.Facts.Architecture)
            .Text("quant", line => line.File.Facts.Quantization)
            .Text("label", line => line.File.Facts.Label)
            .Text("token_embd_type", line => line.File.Facts.TokenEmbeddingType)
            .Text("output_type", line => line.File.Facts.OutputType)
            .Truth("tied_embeddings", line => line.File.Facts.TiedEmbeddings)
            .Text("tensor_types", line => line.File.Facts.TensorTypes)
            .Truth("imatrix", line => line.File.Facts.Imatrix)
            .Whole("parameters", line => line.File.Facts.Parameters)
            .Number("bits_per_weight", line => line.File.Facts.BitsPerWeight)
            .Whole("file_bytes", line => line.File.Facts.FileBytes)
            .Text("tokenizer", line => line.File.Facts.Tokenizer)
            .Text("pre_tokenizer", line => line.File.Facts.PreTokenizer)
            .Whole("vocab_size", line => line.File.Facts.VocabularySize)
            .Whole("bos_id", line => line.File.Facts.BosToken)
            .Word("bos_kind", line => line.File.Facts.BosKind)
            .Truth("add_space_prefix", line => line.File.Facts.AddSpacePrefix)
            .Text("engine", line => line.File.Engine)
            .Text(
                "engine_version",
                line =>
                    line.File.Libraries is { } libraries
                        ? $"{line.File.EngineVersion} ({libraries})"
                        : line.File.EngineVersion
            )
            .Text("backend", line => line.File.Backend)
            .Text("device", line => line.File.Device)
            .Whole("gpu_layers", line => line.File.GpuLayers)
            .Word("arithmetic", line => line.File.Arithmetic)
            .Whole("layers", line => line.File.Facts.Layers)
            .Whole("threads", line => line.File.Threads)
            .Whole("sequences", line => line.File.Sequences)
            .Number("load_ms", line => line.File.LoadMs)
            .Number("decode_ms", line => line.File.DecodeMs)
            .Number("rows_per_second", line => line.File.RowsPerSecond)
            .Whole("peak_rss_bytes", line => line.File.PeakRssBytes)
            .Whole("peak_device_bytes", line => line.File.PeakDeviceBytes)
            .Word<RowStatus>("status", line => line.File.Status)
            .WordList("flags", line => line.File.Flags)
            .Text("reason", line => line.File.Reason);
}
