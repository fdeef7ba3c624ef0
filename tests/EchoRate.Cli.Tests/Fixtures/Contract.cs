namespace EchoRate.Cli.Tests.Fixtures;

/// <summary>
/// What users' spreadsheets and scripts hold on to, written down a second time and by hand: a column that moves must fail here, not
/// follow the program.
/// </summary>
internal static class Contract
{
    public const string Files =
        "schema_version, run_id, file_id, model, family, tuning, source, source_repo, source_revision, path, sha256, constructed, architecture, quant, label, token_embd_type, output_type, tied_embeddings, tensor_types, imatrix, parameters, bits_per_weight, file_bytes, tokenizer, pre_tokenizer, vocab_size, bos_id, bos_kind, add_space_prefix, engine, engine_version, backend, device, gpu_layers, arithmetic, layers, threads, sequences, load_ms, decode_ms, rows_per_second, peak_rss_bytes, peak_device_bytes, status, flags, reason";

    public const string Echo =
        "schema_version, run_id, file_id, model, family, quant, label, token_embd_type, engine, device, gpu_layers, arithmetic, arm, bos_kind, prefix_id, prefix_piece, item_set, item, category, token_id, token_piece, token_hex, vocab_quantile, input_ids, top1_id, top1_piece, top1_hex, echo, echo_class, echo_margin_nat, near_tie, token_logprob_nat, token_rank, top1_logprob_nat, entropy_nat, reference_file_id, reference_top1_id, kld_nat, delta_token_logprob_nat, flip, published_top1, published_match, published_rank, published_gap_nat, status, flags, reason";

    public const string Completion =
        "schema_version, run_id, file_id, model, family, quant, label, token_embd_type, engine, device, gpu_layers, arithmetic, arm, bos_kind, prefix_id, prefix_piece, prompt_set, prompt_id, prompt, input_ids, expected, expected_id, next_id, next_piece, next_hex, hit, next_logprob_nat, expected_logprob_nat, expected_rank, expected_margin_nat, near_tie, entropy_nat, continuation, continuation_ids, stop, reference_file_id, reference_next_id, kld_nat, delta_expected_logprob_nat, flip, published_next, published_match, status, flags, reason";

    public const string Summary =
        "schema_version, run_id, file_id, model, family, tuning, quant, label, token_embd_type, bits_per_weight, file_bytes, constructed, engine, device, gpu_layers, arithmetic, arm, bos_kind, probe, set, items, measured, hits, rate, rate_low, rate_high, near_ties, checked_rows, checked_top1_changed, checked_delta_median_nat, checked_delta_p95_nat, near_tie_eps_nat, median_rank, mean_logprob_nat, mean_margin_nat, mean_entropy_nat, published_items, published_matches, rows_per_second, status, flags, reason";

    public const string Compare =
        "schema_version, run_id, contrast, probe, set, model, family, a_file_id, a_quant, a_label, a_arm, a_device, a_engine, a_arithmetic, a_token_embd_type, a_bits_per_weight, a_file_bytes, b_file_id, b_quant, b_label, b_arm, b_device, b_engine, b_arithmetic, b_token_embd_type, b_bits_per_weight, b_file_bytes, items, inputs_differ, a_rate, b_rate, rate_delta, lost, gained, lost_clear, gained_clear, mcnemar_p, mcnemar_p_holm, top1_agreement, top1_agreement_low, top1_agreement_high, margin_delta_mean_nat, margin_delta_low, margin_delta_high, logprob_delta_mean_nat, logprob_delta_low, logprob_delta_high, kld_items, kld_mean_nat, kld_low, kld_high, kld_median_nat, kld_p95_nat, kld_p99_nat, kld_max_nat, floor_top1_agreement, floor_kld_mean_nat, ref_top1_delta_p_rms, near_ties, status, flags, reason";
}
