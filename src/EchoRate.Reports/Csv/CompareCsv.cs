using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>compare.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The contrast, which names its files.</param>
public readonly record struct CompareLine(string RunId, CompareRow Row);

/// <summary><c>compare.csv</c>: one row per contrast.</summary>
public static class CompareCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "compare";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<CompareLine> Columns { get; } =
        new ColumnTable<CompareLine>()
            .SchemaVersion()
            .Text("run_id", line => line.RunId)
            .Word<ContrastKind>("contrast", line => line.Row.Contrast)
            .Text("probe", line => line.Row.Probe)
            .Text("set", line => line.Row.Set)
            .Text("model", line => line.Row.A.Facts.Model)
            .Text("family", line => line.Row.A.Facts.Family)
            .Side("a", row => row.A, row => row.AArm)
            .Side("b", row => row.B, row => row.BArm)
            .Whole("items", line => line.Row.Items)
            .Whole("inputs_differ", line => line.Row.InputsDiffer)
            .Number("a_rate", line => line.Row.ARate)
            .Number("b_rate", line => line.Row.BRate)
            .Number("rate_delta", line => line.Row.RateDelta)
            .Whole("lost", line => line.Row.Lost)
            .Whole("gained", line => line.Row.Gained)
            .Whole("lost_clear", line => line.Row.LostClear)
            .Whole("gained_clear", line => line.Row.GainedClear)
            .Number("mcnemar_p", line => line.Row.McNemarP)
            .Number("mcnemar_p_holm", line => line.Row.McNemarPHolm)
            .Number("top1_agreement", line => line.Row.Top1Agreement)
            .Number("top1_agreement_low", line => line.Row.Top1AgreementLow)
            .Number("top1_agreement_high", line => line.Row.Top1AgreementHigh)
            .Number("margin_delta_mean_nat", line => line.Row.MarginDelta?.Mean)
            .Number("margin_delta_low", line => line.Row.MarginDelta?.Low)
            .Number("margin_delta_high", line => line.Row.MarginDelta?.High)
            .Number("logprob_delta_mean_nat", line => line.Row.LogProbDelta?.Mean)
            .Number("logprob_delta_low", line => line.Row.LogProbDelta?.Low)
            .Number("logprob_delta_high", line => line.Row.LogProbDelta?.High)
            .Whole("kld_items", line => line.Row.KldItems)
            .Number("kld_mean_nat", line => line.Row.Kld?.Mean)
            .Number("kld_low", line => line.Row.Kld?.Low)
            .Number("kld_high", line => line.Row.Kld?.High)
            .Number("kld_median_nat", line => line.Row.KldMedian)
            .Number("kld_p95_nat", line => line.Row.KldP95)
            .Number("kld_p99_nat", line => line.Row.KldP99)
            .Number("kld_max_nat", line => line.Row.KldMax)
            .Number("floor_top1_agreement", line => line.Row.Floor?.Top1Agreement)
            .Number("floor_kld_mean_nat", line => line.Row.Floor?.KldMean)
            .Number("ref_top1_delta_p_rms", line => line.Row.RefTop1DeltaPRms)
            .Whole("near_ties", line => line.Row.NearTies)
            .Word<RowStatus>("status", line => line.Row.Status)
            .WordList("flags", line => line.Row.Flags)
            .Text("reason", line => line.Row.Reason);

    private static ColumnTable<CompareLine> Side(
        this ColumnTable<CompareLine> table,
        string side,
        Func<CompareRow, FileRecord> file,
        Func<CompareRow, string> arm
    ) =>
        table
            .Sha256(side + "_file_id", line => file(line.Row).Facts.FileId)
            .Text(side + "_quant", line => file(line.Row).Facts.Quantization)
            .Text(side + "_label", line => file(line.Row).Facts.Label)
            .Text(side + "_arm", line => arm(line.Row))
            .Text(side + "_device", line => file(line.Row).Device)
            .Text(side + "_engine", line => file(line.Row).Engine)
            .Word(side + "_arithmetic", line => file(line.Row).Arithmetic)
            .Text(side + "_token_embd_type", line => file(line.Row).Facts.TokenEmbeddingType)
            .Number(side + "_bits_per_weight", line => file(line.Row).Facts.BitsPerWeight)
            .Whole(side + "_file_bytes", line => file(line.Row).Facts.FileBytes);
}
