using EchoRate.Core.Results;

namespace EchoRate.Reports.Csv;

/// <summary>A row of <c>sinks.csv</c>.</summary>
/// <param name="RunId">The run's name.</param>
/// <param name="Row">The summary, which names its file.</param>
public readonly record struct SinkLine(string RunId, SinkRow Row);

/// <summary><c>sinks.csv</c>: one row per file × set × arm × place of the attention sink.</summary>
public static class SinksCsv
{
    /// <summary>The table's name.</summary>
    public const string Table = "sinks";

    /// <summary>The columns, never reordered.</summary>
    public static ColumnTable<SinkLine> Columns { get; } =
        RowColumns
            .Begin<SinkLine>(line => line.RunId, line => line.Row.File, line => line.Row.Arm)
            .Text("item_set", line => line.Row.Set)
            .Says("the set of items or prompts, or the text | never")
            .Word("sink", line => line.Row.Sink)
            .Says(
                "`self`: the token is a sink; `front`: the first token is one and the row's stands behind it; `none`: neither, though one in between may be; a sink's `times` is 5 or more | nothing stood behind another token, so nothing tells what is usual (a model of one layer shows nothing that does)"
            )
            .Whole("measured", line => line.Row.Measured)
            .Says("rows of that kind; of `cut` those without a cut | ≥ 1 | never")
            .Whole("echoes", line => line.Row.Echoes)
            .Says("of those, how many echo | ≥ 0 | never")
            .Number("rate", line => line.Row.Rate)
            .Says("`echoes` ÷ `measured` | 0 to 1 | never")
            .Number("rate_low", line => line.Row.Interval?.Low)
            .Says(
                "lower end of its 95 % interval: Wilson's where one token stands in front, or none; a bootstrap over the tokens in front where 50 do or more (Wilson's over those where no row echoes, or all) | 0 to 1 | fewer than 50 tokens in front, tokens of a text, the set `all`"
            )
            .Number("rate_high", line => line.Row.Interval?.High)
            .Says("upper end | 0 to 1 | as `rate_low`")
            .Number("residual_max", line => line.Row.ResidualMax)
            .Says(
                "median of the largest absolute value of the token's residual after the middle layer (number of layers ÷ 2, and not the last) | ≥ 0 | never"
            )
            .Number("first_residual_max", line => line.Row.FirstResidualMax)
            .Says("the same of the first token | ≥ 0 | never")
            .Number("times", line => line.Row.Times)
            .Says(
                "`first_residual_max` (of `self`, `residual_max`) ÷ the median of `residual_max` of all rows of the file and set whose token stands behind another | > 0 | as `sink`"
            )
            .Number("first_attention", line => line.Row.FirstAttention)
            .Says(
                "mean attention to the first token, over rows, layers and heads; 0 counts where a sliding window has lost it | 0 to 1 | the token is the first, or llama.cpp's graph does not show it"
            )
            .Number("sink_heads", line => line.Row.SinkHeads)
            .Says(
                "mean share of layers and heads in which that is more than 0.3 | 0 to 1 | as `first_attention`"
            )
            .Whole("from_layer", line => line.Row.FromLayer)
            .Says(
                "the layer from which on, up to the middle one, the sink is one (`lens` alone); -1 is the input embedding | ≥ -1 | there is no sink, or layers were not looked at"
            );
}
