using EchoRate.Core.Engine;
using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>The CSV files of <c>lens</c>, <c>cut</c>, <c>positions</c> and <c>prefixes</c>; docs/columns.md says what each column means.</summary>
public static class LookCsv
{
    /// <summary><c>lens.csv</c>: one row per file × set × arm × prefix × item × layer.</summary>
    public static ColumnTable<RowLine<LensRow>> Lens { get; } =
        RunCsv
            .Begin<LensRow>("lens")
            .ItemColumns()
            .Whole("layer", line => line.Row.Layer)
            .Token("top1", line => line.Row.Top1)
            .EchoColumns("echo, token_rank, echo_margin_nat, token_logprob_nat")
            .Token("next", line => line.Row.Next)
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Whole("next_rank", line => line.Row.NextRank)
            .EchoColumns("entropy_nat")
            .Number("residual_norm", line => line.Row.ResidualNorm)
            .EndWithSinks();

    /// <summary><c>cut.csv</c>: one row per file × set × arm × prefix × item × cut.</summary>
    public static ColumnTable<RowLine<CutRow>> Cut { get; } =
        RunCsv
            .Begin<CutRow>("cut")
            .CutColumns(line => line.Row.Cut)
            .Ids("positions", line => line.Row.Cut?.Positions.ToArray())
            .ItemColumns()
            .EchoColumns("echo, echo_margin_nat, token_rank, token_logprob_nat")
            .EchoColumns("top1_id, top1_piece, top1_hex, top1_logprob_nat, entropy_nat")
            .Text("expected", line => line.Row.Expected)
            .Truth("hit", line => line.Row.Hit)
            .Number("expected_margin_nat", line => line.Row.ExpectedMargin)
            .EndWithSinks();

    /// <summary><c>cut-summary.csv</c>: one row per file × set × arm × cut.</summary>
    public static ColumnTable<RowLine<CutSummaryRow>> CutSummary { get; } =
        Summary<RowLine<CutSummaryRow>>("cut-summary", line => line.File, line => line.Row.Arm)
            .CutColumns(line => line.Row.Cut)
            .Text("item_set", line => line.Row.Set)
            .Whole("measured", line => line.Row.Measured)
            .Whole("echoes", line => line.Row.Echoes)
            .Number("echo_rate", line => Rate(line.Row.Echoes, line.Row.Measured))
            .Number("echo_rate_low", line => line.Row.EchoInterval?.Low)
            .Number("echo_rate_high", line => line.Row.EchoInterval?.High)
            .Number("median_echo_margin_nat", line => line.Row.MedianMargin)
            .Whole("expecting", line => line.Row.Expecting)
            .Whole("hits", line => line.Row.Hits)
            .Number("hit_rate", line => Rate(line.Row.Hits, line.Row.Expecting))
            .Number("hit_rate_low", line => line.Row.HitInterval?.Low)
            .Number("hit_rate_high", line => line.Row.HitInterval?.High)
            .Whole("changed", line => line.Row.Cut is null ? null : line.Row.Changed)
            .Whole("decides", line => line.Row.Decides)
            .Whole("decides_rank", line => line.Row.Rank)
            .Word("status", line => (RowStatus?)line.Row.Status)
            .Text("reason", line => line.Row.Reason);

    /// <summary><c>positions.csv</c>: one row per file × arm × prefix × token of the text.</summary>
    public static ColumnTable<RowLine<PositionRow>> Positions { get; } =
        RunCsv
            .Begin<PositionRow>("positions")
            .Whole("window", line => line.Row.Window)
            .Whole("position", line => line.Row.Position)
            .EchoColumns("token_id, token_piece, token_hex, echo, token_rank, echo_margin_nat")
            .Whole("next_id", line => line.Row.Next?.Id)
            .Piece("next_piece", line => line.Row.Next?.Bytes)
            .Number("next_logprob_nat", line => line.Row.NextLogProb)
            .Whole("next_rank", line => line.Row.NextRank)
            .EchoColumns("top1_id, top1_piece, entropy_nat")
            .EndWithSinks();

    /// <summary><c>positions-summary.csv</c>: one row per file × arm × prefix × part of the windows.</summary>
    public static ColumnTable<PositionSummaryRow> PositionsSummary { get; } =
        Summary<PositionSummaryRow>("positions-summary", row => row.File, row => row.Arm)
            .Prefix(row => row.Prefix)
            .Word("part", row => (PositionPart?)row.Part)
            .Whole("first_token", row => row.LastToken == 0 ? null : row.FirstToken)
            .Whole("last_token", row => row.LastToken == 0 ? null : row.LastToken)
            .Whole("positions", row => row.Positions)
            .Rates()
            .Number("mean_margin_nat", row => row.MeanMargin)
            .Whole("followed", row => row.Followed)
            .Number("perplexity", row => row.Perplexity)
            .Number("llama_perplexity", row => row.LlamaPerplexity)
            .End(row => row.Status, row => row.File.Flags, row => row.Reason);

    /// <summary><c>prefixes.csv</c>: one row per file × set × prefix × item.</summary>
    public static ColumnTable<RowLine<PrefixRow>> Prefixes { get; } =
        RunCsv
            .Begin<PrefixRow>("prefixes")
            .Hex("prefix_hex", line => line.Row.Prefix?.Bytes)
            .Word("prefix_kind", line => line.Row.PrefixKind)
            .ItemColumns()
            .EchoColumns("top1_id, top1_piece, top1_hex, echo, echo_class, echo_margin_nat")
            .EchoColumns("token_logprob_nat, token_rank, top1_logprob_nat, entropy_nat")
            .EndWithSinks();

    /// <summary><c>prefixes-summary.csv</c>: one row per file × set × prefix, ranked.</summary>
    public static ColumnTable<PrefixSummaryRow> PrefixesSummary { get; } =
        Summary<PrefixSummaryRow>("prefixes-summary", row => row.File, row => row.Arm)
            .Prefix(row => row.Prefix)
            .Hex("prefix_hex", row => row.Prefix?.Bytes)
            .Word("prefix_kind", row => row.Kind)
            .Text("item_set", row => row.Set)
            .Whole("rank", row => row.Rank)
            .Whole("items", row => row.Items)
            .Rates()
            .Number("median_margin_nat", row => row.MedianMargin)
            .End(row => row.Status, row => row.File.Flags, row => row.Reason);

    /// <summary><c>sinks.csv</c>: one row per file × set × arm × place of the attention sink.</summary>
    public static ColumnTable<SinkRow> Sinks { get; } =
        Summary<SinkRow>("sinks", row => row.File, row => row.Arm)
            .Text("item_set", row => row.Set)
            .Word("sink", row => row.Sink)
            .Whole("measured", row => row.Measured)
            .Whole("echoes", row => row.Echoes)
            .Number("rate", row => row.Rate)
            .Number("rate_low", row => row.Interval?.Low)
            .Number("rate_high", row => row.Interval?.High)
            .Number("residual_max", row => row.ResidualMax)
            .Number("first_residual_max", row => row.FirstResidualMax)
            .Number("times", row => row.Times)
            .Number("first_attention", row => row.FirstAttention)
            .Number("sink_heads", row => row.SinkHeads)
            .Whole("from_layer", row => row.FromLayer);

    // The word, or the prompt's last token.
    private static ColumnTable<RowLine<TRow>> ItemColumns<TRow>(
        this ColumnTable<RowLine<TRow>> table
    )
        where TRow : LookRow =>
        table
            .EchoColumns("item_set, item")
            .Text("category", line => line.Row.Category)
            .EchoColumns("token_id, token_piece, token_hex, input_ids");

    // Columns of echo.csv.
    private static ColumnTable<RowLine<TRow>> EchoColumns<TRow>(
        this ColumnTable<RowLine<TRow>> table,
        string names
    )
        where TRow : LookRow => table.From(RunCsv.Echo, line => new(line.File, line.Row), names);

    // What attention sinks are known by, and what became of the row.
    private static ColumnTable<RowLine<TRow>> EndWithSinks<TRow>(
        this ColumnTable<RowLine<TRow>> table
    )
        where TRow : LookRow =>
        table
            .Number("residual_max", line => line.Row.ResidualMax)
            .Number("residual_rms", line => line.Row.ResidualRms)
            .Number("first_residual_max", line => line.Row.FirstResidualMax)
            .Number("first_attention", line => line.Row.FirstAttention)
            .Number("sink_heads", line => line.Row.SinkHeads)
            .End();

    private static ColumnTable<TRow> Summary<TRow>(
        string table,
        Func<TRow, FileRecord> file,
        Func<TRow, string> arm
    ) =>
        new ColumnTable<TRow>(table)
            .Run()
            .From(RunCsv.Files, file, RunCsv.FileColumns)
            .Text("arm", arm)
            .From(RunCsv.Files, file, "bos_kind");

    private static ColumnTable<TRow> Rates<TRow>(this ColumnTable<TRow> table)
        where TRow : EchoSummaryRow =>
        table
            .Whole("measured", row => row.Measured)
            .Whole("echoes", row => row.Echoes)
            .Number("rate", row => row.Rate)
            .Number("rate_low", row => row.Interval?.Low)
            .Number("rate_high", row => row.Interval?.High);

    private static ColumnTable<TRow> CutColumns<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, AttentionCut?> cut
    ) =>
        table
            .Word("cut", row => cut(row)?.Kind)
            .Whole("layer", row => cut(row)?.Layer)
            .Whole("head", row => cut(row)?.Head);

    private static double? Rate(int part, int whole) => whole == 0 ? null : (double)part / whole;
}
