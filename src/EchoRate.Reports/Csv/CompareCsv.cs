namespace EchoRate.Reports.Csv;

/// <summary><c>compare.csv</c>: one row per contrast. Its rows do not exist yet; until then the file is a header.</summary>
public static class CompareCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "compare";

    /// <summary>The columns' names, never reordered.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. Words(CsvSchema.VersionColumn),
        .. Words("run_id contrast probe set model family"),
        .. Words(
            "a_file_id a_quant a_arm a_device a_engine a_token_embd_type a_bits_per_weight a_file_bytes"
        ),
        .. Words(
            "b_file_id b_quant b_arm b_device b_engine b_token_embd_type b_bits_per_weight b_file_bytes"
        ),
        .. Words(
            "items a_rate b_rate rate_delta lost gained lost_clear gained_clear mcnemar_p mcnemar_p_holm"
        ),
        .. Words("top1_agreement top1_agreement_low top1_agreement_high"),
        .. Words("margin_delta_mean_nat margin_delta_low margin_delta_high"),
        .. Words("logprob_delta_mean_nat logprob_delta_low logprob_delta_high"),
        .. Words(
            "kld_items kld_mean_nat kld_low kld_high kld_median_nat kld_p95_nat kld_p99_nat kld_max_nat"
        ),
        .. Words("ref_top1_delta_p_rms near_ties status flags reason"),
    ];

    /// <summary>The columns without rows: what a <see cref="CsvFileSet{TRow}"/> needs to write the header.</summary>
    public static ColumnTable<object> Columns { get; } =
        Names.Aggregate(new ColumnTable<object>(), (table, name) => table.Text(name, _ => null));

    private static string[] Words(string names) => names.Split(' ');
}
