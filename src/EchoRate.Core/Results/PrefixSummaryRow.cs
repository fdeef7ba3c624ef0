namespace EchoRate.Core.Results;

/// <summary>What one prefix does to the echo of a set. One row of <c>prefixes-summary.csv</c>.</summary>
public sealed record PrefixSummaryRow : EchoSummaryRow
{
    /// <summary>The prefix's kind; null for a file that was not measured.</summary>
    public PrefixKind? Kind { get; init; }

    /// <summary>The set of items; null for a file that was not measured.</summary>
    public string? Set { get; init; }

    /// <summary>Its place in the ranking: 1 ends the echo most. Null where nothing was measured.</summary>
    public int? Rank { get; init; }

    /// <summary>Items behind it.</summary>
    public required int Items { get; init; }

    /// <summary>Median echo margin, in nats; null where nothing was measured.</summary>
    public double? MedianMargin { get; init; }
}
