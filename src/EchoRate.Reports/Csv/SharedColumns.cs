using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>Columns that several files have, each described once.</summary>
/// <typeparam name="TRow">What a row is made from.</typeparam>
/// <param name="table">Where they are added.</param>
/// <param name="file">The model file of a row.</param>
/// <param name="side">What stands in front of their names: <c>a_</c>, <c>b_</c>, or nothing.</param>
internal sealed class SharedColumns<TRow>(
    ColumnTable<TRow> table,
    Func<TRow, FileRecord> file,
    string side = ""
)
{
    public ColumnTable<TRow> Table => table;

    public SharedColumns<TRow> FileId() =>
        With(
            table.Sha256(side + "file_id", row => file(row).Facts.FileId),
            "the model file: the first 12 hex digits of its SHA-256 | the file is not here, or could not be read"
        );

    public SharedColumns<TRow> Model() =>
        With(
            table.Text("model", row => file(row).Facts.Model),
            "the model's name; files of one name, architecture and vocabulary form a ladder | never"
        );

    public SharedColumns<TRow> Family() =>
        With(
            table.Text("family", row => file(row).Facts.Family),
            "the family, such as `gemma2`, as the manifest or the header says | nobody said"
        );

    public SharedColumns<TRow> Tuning() =>
        With(
            table.Text("tuning", row => file(row).Facts.Tuning),
            "`base`, `it` (instruction-tuned) or `post` (post-trained) | nobody said"
        );

    public SharedColumns<TRow> Quant() =>
        With(
            table.Text(side + "quant", row => file(row).Facts.Quantization),
            "the quantization that the header says, by llama-quantize's name, such as `Q4_K_M` | unknown"
        );

    public SharedColumns<TRow> Label() =>
        With(
            table.Text(side + "label", row => file(row).Facts.Label),
            "what the file calls itself where that says more than its header (`UD-Q4_K_XL`), else as `quant` | unknown"
        );

    public SharedColumns<TRow> TokenEmbedding() =>
        With(
            table.Text(side + "token_embd_type", row => file(row).Facts.TokenEmbeddingType),
            "type of the token embedding, which llama.cpp's K-quants keep at Q6_K where it is tied, whatever `quant` says | the file is not here"
        );

    public SharedColumns<TRow> Bits() =>
        With(
            table.Number(side + "bits_per_weight", row => file(row).Facts.BitsPerWeight),
            "bits of tensor data ÷ weights, over the whole file | > 0 | the file is not here"
        );

    public SharedColumns<TRow> FileBytes() =>
        With(
            table.Whole(side + "file_bytes", row => file(row).Facts.FileBytes),
            "size of the file, all parts together | ≥ 0 | the file is not here"
        );

    public SharedColumns<TRow> Constructed() =>
        With(
            table.Truth("constructed", row => file(row).Facts.Constructed),
            "1 for weights that were constructed, not trained: the demo's models | never"
        );

    public SharedColumns<TRow> BosKind() =>
        With(
            table.Word("bos_kind", row => file(row).Facts.BosKind),
            "what BOS means for this file: the tokenizer adds it, it is declared and not added (Qwen3), there is none; never pool rows of different kinds | the file is not here"
        );

    public SharedColumns<TRow> Engine() =>
        With(table.Text(side + "engine", row => file(row).Engine), "what computed | never");

    public SharedColumns<TRow> Device() =>
        With(
            table.Text(side + "device", row => file(row).Device),
            "the devices that held layers, such as `CPU` or `CPU + Vulkan0 (llvmpipe)` | the file never started, in a run with one target"
        );

    public SharedColumns<TRow> GpuLayers() =>
        With(
            table.Whole("gpu_layers", row => file(row).GpuLayers),
            "layers that were really offloaded | ≥ 0 | the file never started"
        );

    public SharedColumns<TRow> Arithmetic() =>
        With(
            table.Word(side + "arithmetic", row => file(row).Arithmetic),
            "`exact`: every product of weights in F32, what the weights say; `library`: as llama.cpp computes on that device, activations rounded | the file never started"
        );

    private SharedColumns<TRow> With(ColumnTable<TRow> added, string description)
    {
        added.Says(description);
        return this;
    }
}

/// <summary>The beginning and the end of every file.</summary>
internal static class SharedColumns
{
    /// <summary>Columns that say which file a row is about.</summary>
    public static SharedColumns<TRow> Of<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, FileRecord> file,
        string side = ""
    ) => new(table, file, side);

    /// <summary>The first two columns.</summary>
    public static ColumnTable<TRow> Begin<TRow>(Func<TRow, string> runId) =>
        new ColumnTable<TRow>()
            .SchemaVersion()
            .Text("run_id", runId)
            .Says("the run, by the name of its folder when it was begun | never");

    /// <summary>The last three columns.</summary>
    public static ColumnTable<TRow> End<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, RowStatus?> status,
        Func<TRow, string[]> flags,
        Func<TRow, string?> reason
    ) =>
        table
            .Word("status", status)
            .Says("what became of it; the first four are measurements | never")
            .WordList("flags", flags)
            .Says("warnings about what was measured (see below) | there is none")
            .Text("reason", reason)
            .Says("why `status` or a cell is as it is, one line | there is nothing to say");
}
