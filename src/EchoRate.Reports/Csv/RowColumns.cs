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
        Begin<RowLine<TRow>>(
            line => line.RunId,
            line => line.File,
            line => line.Row.Arm,
            line => line.Row.Prefix
        );

    /// <summary>The same for rows of any kind.</summary>
    public static ColumnTable<TLine> Begin<TLine>(
        Func<TLine, string> runId,
        Func<TLine, FileRecord> file,
        Func<TLine, string> arm,
        Func<TLine, TokenBytes?> prefix
    ) =>
        Begin(runId, file, arm)
            .Whole("prefix_id", line => prefix(line)?.Id)
            .Says(
                "the token in front: BOS for `with`, another for `neutral` | ≥ 0 | nothing was put in front"
            )
            .Piece("prefix_piece", line => prefix(line)?.Bytes)
            .Says("the same as text | nothing was put in front");

    /// <summary>The same where all prefixes of an arm are taken together.</summary>
    public static ColumnTable<TLine> Begin<TLine>(
        Func<TLine, string> runId,
        Func<TLine, FileRecord> file,
        Func<TLine, string> arm
    ) =>
        SharedColumns
            .Begin(runId)
            .Of(file)
            .FileId()
            .Model()
            .Family()
            .Quant()
            .Label()
            .TokenEmbedding()
            .Engine()
            .Device()
            .GpuLayers()
            .Arithmetic()
            .Table.Arm(arm)
            .Of(file)
            .BosKind()
            .Table;

    /// <summary>The column of the condition.</summary>
    public static ColumnTable<TRow> Arm<TRow>(
        this ColumnTable<TRow> table,
        Func<TRow, string> arm,
        string side = ""
    ) =>
        table
            .Text(side + "arm", arm)
            .Says(
                "the condition: `without` BOS, `with` BOS, `neutral` (other tokens in front) | never"
            );

    /// <summary>What was fed.</summary>
    public static ColumnTable<RowLine<TRow>> Input<TRow>(this ColumnTable<RowLine<TRow>> table)
        where TRow : MeasuredRow =>
        table
            .Ids("input_ids", line => line.Row.InputIds)
            .Says("the exact ids that went into the model, the prefix included | nothing went in");

    /// <summary>Three columns for one token.</summary>
    public static ColumnTable<RowLine<TRow>> Token<TRow>(
        this ColumnTable<RowLine<TRow>> table,
        string name,
        Func<TRow, TokenBytes?> token,
        string description
    )
        where TRow : MeasuredRow =>
        table
            .Whole(name + "_id", line => token(line.Row)?.Id)
            .Says(description.Replace("|", "| ≥ 0 |", StringComparison.Ordinal))
            .Piece(name + "_piece", line => token(line.Row)?.Bytes)
            .Says(description)
            .Hex(name + "_hex", line => token(line.Row)?.Bytes)
            .Says(description);

    /// <summary>What attention sinks are known by.</summary>
    /// <param name="table">Where they are added.</param>
    /// <param name="where">Which layer the residual is of.</param>
    /// <param name="over">What attention is averaged over.</param>
    public static ColumnTable<RowLine<TRow>> Sinks<TRow>(
        this ColumnTable<RowLine<TRow>> table,
        string where = "after the middle layer (number of layers ÷ 2, and not the last)",
        string over = "layers and heads"
    )
        where TRow : LookRow =>
        table
            .Number("residual_max", line => line.Row.ResidualMax)
            .Says(
                $"largest absolute value of the residual where the token stands, {where} | ≥ 0 | not measured, or llama.cpp's graph does not show it"
            )
            .Number("residual_rms", line => line.Row.ResidualRms)
            .Says($"root mean square of that residual | ≥ 0 | as `residual_max`")
            .Number("first_residual_max", line => line.Row.FirstResidualMax)
            .Says(
                $"`residual_max` of the first token that went in: many times that of others where it is an attention sink | ≥ 0 | as `residual_max`; after the last layer, of which llama.cpp keeps what it answers alone, also where another token follows the first"
            )
            .Number("first_attention", line => line.Row.FirstAttention)
            .Says(
                $"what the token attends to that first one: mean over {over}, 0 where a sliding window has lost it | 0 to 1 | it is the first itself, or as `residual_max`"
            )
            .Number("sink_heads", line => line.Row.SinkHeads)
            .Says(
                $"share of {over} in which that is more than 0.3 (Gu et al., ICLR 2025) | 0 to 1 | as `first_attention`"
            );

    /// <summary>The last columns: what became of the row.</summary>
    public static ColumnTable<RowLine<TRow>> End<TRow>(this ColumnTable<RowLine<TRow>> table)
        where TRow : MeasuredRow =>
        table.End(line => line.Row.Status, line => line.Row.Flags, line => line.Row.Reason);
}
