using EchoRate.Core.Results;
using EchoRate.Core.Tokens;

namespace EchoRate.Reports.Csv;

/// <summary>
/// The CSV files of a run, which users' spreadsheets hold on to: columns are never reordered, and docs/columns.md says what each means.
/// </summary>
public static class RunCsv
{
    /// <summary>Columns of the model file that most tables begin with.</summary>
    internal const string FileColumns =
        "file_id, model, family, quant, label, token_embd_type, engine, device, gpu_layers, arithmetic";

    /// <summary><c>files.csv</c>: one row per model file × engine × device.</summary>
    public static ColumnTable<FileRecord> Files { get; } =
        new ColumnTable<FileRecord>("files")
            .Run()
            .Sha256("file_id", file => file.Facts.FileId)
            .Text("model", file => file.Facts.Model)
            .Text("family", file => file.Facts.Family)
            .Text("tuning", file => file.Facts.Tuning)
            .Text("source", file => file.Facts.Source)
            .Text("source_repo", file => file.Facts.SourceRepo)
            .Text("source_revision", file => file.Facts.SourceRevision)
            .Text("path", file => file.Facts.Path)
            .Sha256("sha256", file => file.Facts.Sha256)
            .Truth("constructed", file => file.Facts.Constructed)
            .Text("architecture", file => file.Facts.Architecture)
            .Text("quant", file => file.Facts.Quantization)
            .Text("label", file => file.Facts.Label)
            .Text("token_embd_type", file => file.Facts.TokenEmbeddingType)
            .Text("output_type", file => file.Facts.OutputType)
            .Truth("tied_embeddings", file => file.Facts.TiedEmbeddings)
            .Text("tensor_types", file => file.Facts.TensorTypes)
            .Truth("imatrix", file => file.Facts.Imatrix)
            .Whole("parameters", file => file.Facts.Parameters)
            .Number("bits_per_weight", file => file.Facts.BitsPerWeight)
            .Whole("file_bytes", file => file.Facts.FileBytes)
            .Text("tokenizer", file => file.Facts.Tokenizer)
            .Text("pre_tokenizer", file => file.Facts.PreTokenizer)
            .Whole("vocab_size", file => file.Facts.VocabularySize)
            .Whole("bos_id", file => file.Facts.BosToken)
            .Word("bos_kind", file => file.Facts.BosKind)
            .Truth("add_space_prefix", file => file.Facts.AddSpacePrefix)
            .Text("engine", file => file.Engine)
            .Text("engine_version", VersionOf)
            .Text("backend", file => file.Backend)
            .Text("device", file => file.Device)
            .Whole("gpu_layers", file => file.GpuLayers)
            .Word("arithmetic", file => file.Arithmetic)
            .Whole("layers", file => file.Facts.Layers)
            .Whole("threads", file => file.Threads)
            .Whole("sequences", file => file.Sequences)
            .Number("load_ms", file => file.LoadMs)
            .Number("decode_ms", file => file.DecodeMs)
            .Number("rows_per_second", file => file.RowsPerSecond)
            .Whole("peak_rss_bytes", file => file.PeakRssBytes)
            .Whole("peak_device_bytes", file => file.PeakDeviceBytes)
            .End(file => file.Status, file => file.Flags, file => file.Reason);

    /// <summary><c>echo.csv</c>: one row per file × set × arm × prefix × item.</summary>
    public static ColumnTable<RowLine<EchoRow>> Echo { get; } =
        Begin<EchoRow>("echo")
            .Text("item_set", line => line.Row.ItemSet)
            .TextBytes("item", line => line.Row.Item)
            .Text("category", line => line.Row.Category ?? line.Row.Kind)
            .Token("token", line => line.Row.Token)
            .Number("vocab_quantile", line => line.Row.VocabularyQuantile)
            .Ids("input_ids", line => line.Row.InputIds)
            .Token("top1", line => line.Row.Top1)
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
            // In piece form, as the published table prints it.
            .Piece("published_top1", line => line.Row.PublishedTop1)
            .Truth("published_match", line => line.Row.PublishedMatch)
            .Whole("published_rank", line => line.Row.PublishedRank)
            .Number("published_gap_nat", line => line.Row.PublishedGap)
            .End();

    /// <summary><c>completion.csv</c>: one row per file × set × arm × prefix × prompt.</summary>
    public static ColumnTable<RowLine<CompletionRow>> Completion { get; } =
        Begin<CompletionRow>("completion")
            .Text("prompt_set", line => line.Row.PromptSet)
            .Text("prompt_id", line => line.Row.PromptId)
            .Text("prompt", line => line.Row.Prompt)
            .Ids("input_ids", line => line.Row.InputIds)
            .Text("expected", line => line.Row.Expected)
            .Whole("expected_id", line => line.Row.ExpectedId)
            .Token("next", line => line.Row.Next)
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

    /// <summary><c>summary.csv</c>: one row per file × arm × probe × set.</summary>
    public static ColumnTable<SummaryRow> Summary { get; } =
        new ColumnTable<SummaryRow>("summary")
            .Run()
            .From(
                Files,
                row => row.File,
                "file_id, model, family, tuning, quant, label, token_embd_type, bits_per_weight, file_bytes, constructed, engine, device, gpu_layers, arithmetic"
            )
            .Text("arm", row => row.Arm)
            .From(Files, row => row.File, "bos_kind")
            .Text("probe", row => row.Probe)
            .Text("set", row => row.Set)
            .Whole("items", row => row.Items)
            .Whole("measured", row => row.Measured)
            .Whole("hits", row => row.Hits)
            .Number("rate", row => row.Rate)
            .Number("rate_low", row => row.RateLow)
            .Number("rate_high", row => row.RateHigh)
            .Whole("near_ties", row => row.NearTies)
            .Whole("checked_rows", row => row.Checked?.Rows)
            .Whole("checked_top1_changed", row => row.Checked?.Top1Changed)
            .Number("checked_delta_median_nat", row => row.Checked?.DeltaMedian)
            .Number("checked_delta_p95_nat", row => row.Checked?.DeltaP95)
            .Number("near_tie_eps_nat", row => row.NearTieEpsilon)
            .Number("median_rank", row => row.MedianRank)
            .Number("mean_logprob_nat", row => row.MeanLogProb)
            .Number("mean_margin_nat", row => row.MeanMargin)
            .Number("mean_entropy_nat", row => row.MeanEntropy)
            .Whole("published_items", row => row.PublishedItems)
            .Whole("published_matches", row => row.PublishedMatches)
            .From(Files, row => row.File, "rows_per_second")
            .End(row => row.Status, row => row.Flags, row => row.Reason);

    /// <summary><c>compare.csv</c>: one row per contrast.</summary>
    public static ColumnTable<CompareRow> Compare { get; } =
        new ColumnTable<CompareRow>("compare")
            .Run()
            .Word("contrast", row => (ContrastKind?)row.Contrast)
            .Text("probe", row => row.Probe)
            .Text("set", row => row.Set)
            .From(Files, row => row.A, "model, family")
            .Side("a_", row => row.A, row => row.AArm)
            .Side("b_", row => row.B, row => row.BArm)
            .Whole("items", row => row.Items)
            .Whole("inputs_differ", row => row.InputsDiffer)
            .Number("a_rate", row => row.ARate)
            .Number("b_rate", row => row.BRate)
            .Number("rate_delta", row => row.RateDelta)
            .Whole("lost", row => row.Lost)
            .Whole("gained", row => row.Gained)
            .Whole("lost_clear", row => row.LostClear)
            .Whole("gained_clear", row => row.GainedClear)
            .Number("mcnemar_p", row => row.McNemarP)
            .Number("mcnemar_p_holm", row => row.McNemarPHolm)
            .Number("top1_agreement", row => row.Top1Agreement)
            .Number("top1_agreement_low", row => row.Top1AgreementLow)
            .Number("top1_agreement_high", row => row.Top1AgreementHigh)
            .Number("margin_delta_mean_nat", row => row.MarginDelta?.Mean)
            .Number("margin_delta_low", row => row.MarginDelta?.Low)
            .Number("margin_delta_high", row => row.MarginDelta?.High)
            .Number("logprob_delta_mean_nat", row => row.LogProbDelta?.Mean)
            .Number("logprob_delta_low", row => row.LogProbDelta?.Low)
            .Number("logprob_delta_high", row => row.LogProbDelta?.High)
            .Whole("kld_items", row => row.KldItems)
            .Number("kld_mean_nat", row => row.Kld?.Mean)
            .Number("kld_low", row => row.Kld?.Low)
            .Number("kld_high", row => row.Kld?.High)
            .Number("kld_median_nat", row => row.KldMedian)
            .Number("kld_p95_nat", row => row.KldP95)
            .Number("kld_p99_nat", row => row.KldP99)
            .Number("kld_max_nat", row => row.KldMax)
            .Number("floor_top1_agreement", row => row.Floor?.Top1Agreement)
            .Number("floor_kld_mean_nat", row => row.Floor?.KldMean)
            .Number("ref_top1_delta_p_rms", row => row.RefTop1DeltaPRms)
            .Whole("near_ties", row => row.NearTies)
            .End(row => row.Status, row => row.Flags, row => row.Reason);

    /// <summary>A table of measurements: the file, the condition, and what stands in front.</summary>
    internal static ColumnTable<RowLine<TRow>> Begin<TRow>(string table)
        where TRow : MeasuredRow =>
        new ColumnTable<RowLine<TRow>>(table)
            .Run()
            .From(Files, line => line.File, FileColumns)
            .Text("arm", line => line.Row.Arm)
            .From(Files, line => line.File, "bos_kind")
            .Prefix(line => line.Row.Prefix);

    /// <summary>What stands in front.</summary>
    internal static ColumnTable<TRow> Prefix<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, TokenBytes?> prefix
    ) =>
        table
            .Whole("prefix_id", row => prefix(row)?.Id)
            .Piece("prefix_piece", row => prefix(row)?.Bytes);

    /// <summary>What became of a measurement.</summary>
    internal static ColumnTable<RowLine<TRow>> End<TRow>(this ColumnTable<RowLine<TRow>> table)
        where TRow : MeasuredRow =>
        table.End(line => line.Row.Status, line => line.Row.Flags, line => line.Row.Reason);

    private static ColumnTable<CompareRow> Side(
        this ColumnTable<CompareRow> table,
        string side,
        Func<CompareRow, FileRecord> file,
        Func<CompareRow, string> arm
    ) =>
        table
            .From(Files, file, "file_id, quant, label", side)
            .Text(side + "arm", arm)
            .From(
                Files,
                file,
                "device, engine, arithmetic, token_embd_type, bits_per_weight, file_bytes",
                side
            );

    private static string? VersionOf(FileRecord file) =>
        file.Libraries is { } libraries
            ? $"{file.EngineVersion} ({libraries})"
            : file.EngineVersion;
}

/// <summary>A row of a table of measurements.</summary>
/// <param name="File">The file that it was taken on.</param>
/// <param name="Row">The measurement.</param>
public readonly record struct RowLine<TRow>(FileRecord File, TRow Row);
