namespace EchoRate.Core.Results;

/// <summary>Where the attention sink of a row is.</summary>
public enum SinkPlace
{
    /// <summary>Neither the first token nor the row's own is one; another in between may be.</summary>
    None,

    /// <summary>The first token is one, and the row's token stands behind it.</summary>
    Front,

    /// <summary>The row's own token is one.</summary>
    Self,
}

/// <summary>Rows of one file × set × arm that stand to an attention sink alike, and how many of them echo. One row of <c>sinks.csv</c>.</summary>
public sealed record SinkRow
{
    /// <summary>The file.</summary>
    public required FileRecord File { get; init; }

    /// <summary>The set of items or prompts, or the text.</summary>
    public required string? Set { get; init; }

    /// <summary>The condition.</summary>
    public required string Arm { get; init; }

    /// <summary>Where the sink is; null where no token stood behind another one, so that nothing tells a large residual from a usual one.</summary>
    public SinkPlace? Sink { get; init; }

    /// <summary>Rows measured.</summary>
    public int Measured { get; init; }

    /// <summary>Of those, how many echo.</summary>
    public int Echoes { get; init; }

    /// <summary>Echoes ÷ measured.</summary>
    public double Rate => (double)Echoes / Measured;

    /// <summary>
    /// The rate's 95 % interval: Wilson's where one token stands in front (or none), a bootstrap over prefixes where 50 do or more; else null, for the rows
    /// of an item are not independent. Null too for tokens of a text, and for the set <c>all</c>.
    /// </summary>
    public (double Low, double High)? Interval { get; init; }

    /// <summary>Median of the largest residual of the row's token, after the middle layer.</summary>
    public double ResidualMax { get; init; }

    /// <summary>Median of that of the first token.</summary>
    public double FirstResidualMax { get; init; }

    /// <summary>
    /// How many times a residual is as large as usual, the first token's or, of <see cref="SinkPlace.Self"/>, the row's own: ÷ the median of <see cref="ResidualMax"/> of all the set's rows whose token stands behind another. A sink
    /// has as many as <c>SinkSummary.Times</c> says, or more.
    /// </summary>
    public double? Times { get; init; }

    /// <summary>Mean attention to the first token, 0 to 1.</summary>
    public double? FirstAttention { get; init; }

    /// <summary>Mean share of heads over 0.3.</summary>
    public double? SinkHeads { get; init; }

    /// <summary>The layer from which on, up to the middle one, the sink is one; null where layers were not looked at, or there is none.</summary>
    public int? FromLayer { get; init; }
}
