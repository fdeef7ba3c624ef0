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
        SharedColumns
            .Begin<CompareLine>(line => line.RunId)
            .Word<ContrastKind>("contrast", line => line.Row.Contrast)
            .Says(
                "what differs: quantizations (a is the reference), arms (a is `without`), devices, arithmetics (a is exact) | never"
            )
            .Text("probe", line => line.Row.Probe)
            .Says("`echo` or `completion` | never")
            .Text("set", line => line.Row.Set)
            .Says("the item set or prompt set | b never started")
            .Of(line => line.Row.A)
            .Model()
            .Family()
            .Table.Side("a_", row => row.A, row => row.AArm)
            .Side("b_", row => row.B, row => row.BArm)
            .Whole("items", line => line.Row.Items)
            .Says("pairs with an outcome on both sides and the same `input_ids` | ≥ 0 | never")
            .Whole("inputs_differ", line => line.Row.InputsDiffer)
            .Says(
                "pairs left out because other ids went in; `reason` says what the headers say differently | ≥ 0 | never"
            )
            .Number("a_rate", line => line.Row.ARate)
            .Says("hits of a ÷ `items` | 0 to 1 | there are no pairs with an outcome")
            .Number("b_rate", line => line.Row.BRate)
            .Says("hits of b ÷ `items` | 0 to 1 | as `a_rate`")
            .Number("rate_delta", line => line.Row.RateDelta)
            .Says("`b_rate` − `a_rate` | -1 to 1 | as `a_rate`")
            .Whole("lost", line => line.Row.Lost)
            .Says("pairs that hit in a and not in b | ≥ 0 | as `a_rate`")
            .Whole("gained", line => line.Row.Gained)
            .Says("pairs that hit in b and not in a | ≥ 0 | as `a_rate`")
            .Whole("lost_clear", line => line.Row.LostClear)
            .Says("of `lost`, those that are a near tie on neither side | ≥ 0 | as `a_rate`")
            .Whole("gained_clear", line => line.Row.GainedClear)
            .Says("of `gained`, the same | ≥ 0 | as `a_rate`")
            .Number("mcnemar_p", line => line.Row.McNemarP)
            .Says(
                "McNemar's exact p of `lost` against `gained`, two-sided; 1 without either | 0 to 1 | as `a_rate`, or pairs are not independent (several prefixes), or the set is `all`"
            )
            .Number("mcnemar_p_holm", line => line.Row.McNemarPHolm)
            .Says("Holm-adjusted within contrast × probe × set × model | 0 to 1 | as `mcnemar_p`")
            .Number("top1_agreement", line => line.Row.Top1Agreement)
            .Says("pairs with the same most likely token ÷ pairs | 0 to 1 | as `a_rate`")
            .Number("top1_agreement_low", line => line.Row.Top1AgreementLow)
            .Says("lower end of its 95 % Wilson interval | 0 to 1 | as `mcnemar_p`")
            .Number("top1_agreement_high", line => line.Row.Top1AgreementHigh)
            .Says("upper end | 0 to 1 | as `mcnemar_p`")
            .Number("margin_delta_mean_nat", line => line.Row.MarginDelta?.Mean)
            .Says("mean change of the margin | any | as `a_rate`")
            .Number("margin_delta_low", line => line.Row.MarginDelta?.Low)
            .Says(
                "lower end of its 95 % bootstrap interval, in nats | any | fewer than 50 items, or as `mcnemar_p`"
            )
            .Number("margin_delta_high", line => line.Row.MarginDelta?.High)
            .Says("upper end, in nats | any | as `margin_delta_low`")
            .Number("logprob_delta_mean_nat", line => line.Row.LogProbDelta?.Mean)
            .Says("mean change of the scored token's log-probability | any | as `a_rate`")
            .Number("logprob_delta_low", line => line.Row.LogProbDelta?.Low)
            .Says("lower end of its 95 % bootstrap interval, in nats | any | as `margin_delta_low`")
            .Number("logprob_delta_high", line => line.Row.LogProbDelta?.High)
            .Says("upper end, in nats | any | as `margin_delta_low`")
            .Whole("kld_items", line => line.Row.KldItems)
            .Says(
                "pairs with a divergence; 0 where it was measured from another reference | ≥ 0 | not `quant`"
            )
            .Number("kld_mean_nat", line => line.Row.Kld?.Mean)
            .Says("mean of KL(a ‖ b) over the whole vocabulary | ≥ 0 | `kld_items` is not above 0")
            .Number("kld_low", line => line.Row.Kld?.Low)
            .Says(
                "lower end of its 95 % bootstrap interval, in nats | ≥ 0 | `kld_items` is not above 0, or as `margin_delta_low`"
            )
            .Number("kld_high", line => line.Row.Kld?.High)
            .Says("upper end, in nats | ≥ 0 | as `kld_low`")
            .Number("kld_median_nat", line => line.Row.KldMedian)
            .Says("median | ≥ 0 | `kld_items` is not above 0")
            .Number("kld_p95_nat", line => line.Row.KldP95)
            .Says("95th percentile | ≥ 0 | `kld_items` is not above 0, or fewer than 100 items")
            .Number("kld_p99_nat", line => line.Row.KldP99)
            .Says("99th percentile | ≥ 0 | `kld_items` is not above 0, or fewer than 200 items")
            .Number("kld_max_nat", line => line.Row.KldMax)
            .Says("the largest | ≥ 0 | `kld_items` is not above 0")
            .Number("floor_top1_agreement", line => line.Row.Floor?.Top1Agreement)
            .Says(
                "of b's checked sample, the part with the same most likely token in exact arithmetic: what the arithmetic alone does | 0 to 1 | the rows are exact, or were not checked"
            )
            .Number("floor_kld_mean_nat", line => line.Row.Floor?.KldMean)
            .Says("mean of KL(exact ‖ library) over that sample | ≥ 0 | as `floor_top1_agreement`")
            .Number("ref_top1_delta_p_rms", line => line.Row.RefTop1DeltaPRms)
            .Says(
                "root mean square of the change in probability of a's most likely token | 0 to 1 | `kld_items` is not above 0"
            )
            .Whole("near_ties", line => line.Row.NearTies)
            .Says("pairs that are a near tie on either side | ≥ 0 | as `a_rate`")
            .End(line => line.Row.Status, line => line.Row.Flags, line => line.Row.Reason);

    private static ColumnTable<CompareLine> Side(
        this ColumnTable<CompareLine> table,
        string side,
        Func<CompareRow, FileRecord> file,
        Func<CompareRow, string> arm
    ) =>
        table
            .Of(line => file(line.Row), side)
            .FileId()
            .Quant()
            .Label()
            .Table.Arm(line => arm(line.Row), side)
            .Of(line => file(line.Row), side)
            .Device()
            .Engine()
            .Arithmetic()
            .TokenEmbedding()
            .Bits()
            .FileBytes()
            .Table;
}
