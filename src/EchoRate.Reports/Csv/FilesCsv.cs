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
        SharedColumns
            .Begin<FileLine>(line => line.RunId)
            .Of(line => line.File)
            .FileId()
            .Model()
            .Family()
            .Tuning()
            .Table.Text("source", line => line.File.Facts.Source)
            .Says("where the weights come from, such as `google/gemma-2-2b-it` | nobody said")
            .Text("source_repo", line => line.File.Facts.SourceRepo)
            .Says("the repository that the file was taken from | nobody said")
            .Text("source_revision", line => line.File.Facts.SourceRevision)
            .Says("its revision | nobody said")
            .Text("path", line => line.File.Facts.Path)
            .Says("the file, or the first of its parts | unknown")
            .Sha256("sha256", line => line.File.Facts.Sha256)
            .Says(
                "the file's SHA-256; of a split file, over the hashes of its parts | it was not computed"
            )
            .Of(line => line.File)
            .Constructed()
            .Table.Text("architecture", line => line.File.Facts.Architecture)
            .Says("the architecture, such as `gemma2` | the file is not here")
            .Of(line => line.File)
            .Quant()
            .Label()
            .TokenEmbedding()
            .Table.Text("output_type", line => line.File.Facts.OutputType)
            .Says("type of the output head; of a tied head, the embedding's | the file is not here")
            .Truth("tied_embeddings", line => line.File.Facts.TiedEmbeddings)
            .Says("whether the output head is the token embedding | the file is not here")
            .Text("tensor_types", line => line.File.Facts.TensorTypes)
            .Says("how many tensors of each type: `F32:13 Q4_K:20` | the file is not here")
            .Truth("imatrix", line => line.File.Facts.Imatrix)
            .Says(
                "whether an importance matrix was used for quantizing, as the header says | the file is not here"
            )
            .Whole("parameters", line => line.File.Facts.Parameters)
            .Says("number of weights | ≥ 0 | the file is not here")
            .Of(line => line.File)
            .Bits()
            .FileBytes()
            .Table.Text("tokenizer", line => line.File.Facts.Tokenizer)
            .Says("kind of tokenizer, such as `SPM` or `BPE` | the file is not here")
            .Text("pre_tokenizer", line => line.File.Facts.PreTokenizer)
            .Says("the pre-tokenizer, such as `qwen2` | the file names none")
            .Whole("vocab_size", line => line.File.Facts.VocabularySize)
            .Says("tokens in the vocabulary | ≥ 1 | the file is not here")
            .Whole("bos_id", line => line.File.Facts.BosToken)
            .Says(
                "BOS as the file declares it, whatever a library answers | ≥ 0 | it declares none"
            )
            .Of(line => line.File)
            .BosKind()
            .Table.Truth("add_space_prefix", line => line.File.Facts.AddSpacePrefix)
            .Says("whether the tokenizer puts a space in front of a text | the file is not here")
            .Of(line => line.File)
            .Engine()
            .Table.Text(
                "engine_version",
                line =>
                    line.File.Libraries is { } libraries
                        ? $"{line.File.EngineVersion} ({libraries})"
                        : line.File.EngineVersion
            )
            .Says("its version, and the library that was taken | it was not asked")
            .Text("backend", line => line.File.Backend)
            .Says(
                "the backend, such as `cpu`; of a file that never started, the one asked for | the file never started, in a run with one target"
            )
            .Of(line => line.File)
            .Device()
            .GpuLayers()
            .Arithmetic()
            .Table.Whole("layers", line => line.File.Facts.Layers)
            .Says("layers of the model | ≥ 1 | the file is not here")
            .Whole("threads", line => line.File.Threads)
            .Says("threads that computed | ≥ 1 | the file never started")
            .Whole("sequences", line => line.File.Sequences)
            .Says("most rows in one batch, as they really were | ≥ 1 | the file never started")
            .Number("load_ms", line => line.File.LoadMs)
            .Says("loading | ≥ 0 | the file never started")
            .Number("decode_ms", line => line.File.DecodeMs)
            .Says("decoding, scoring and writing | ≥ 0 | the file is not done")
            .Number("rows_per_second", line => line.File.RowsPerSecond)
            .Says(
                "measured rows ÷ seconds of decoding, scoring and writing | ≥ 0 | the file is not done"
            )
            .Whole("peak_rss_bytes", line => line.File.PeakRssBytes)
            .Says(
                "most memory of the process while the file was measured | ≥ 0 | the system does not say"
            )
            .Whole("peak_device_bytes", line => line.File.PeakDeviceBytes)
            .Says("most memory on GPUs | ≥ 0 | there is none, or the system does not say")
            .End(line => line.File.Status, line => line.File.Flags, line => line.File.Reason);
}
