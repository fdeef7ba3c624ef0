using EchoRate.Core.Arms;

namespace EchoRate.Core.Results;

/// <summary>What one prefix does to the echo of a set. One row of <c>prefixes-summary.csv</c>.</summary>
public sealed record PrefixSummaryRow
{
    /// <summary>The file.</summary>
    public required FileRecord File { get; init; }

    /// <summary>The condition that the prefix belongs to.</summary>
    public required string Arm { get; init; }

    /// <summary>The prefix; null for none.</summary>
    public TokenBytes? Prefix { get; init; }

    /// <summary>Its kind; null for a file that was not measured.</summary>
    public PrefixKind? Kind { get; init; }

    /// <summary>The set of items; null for a file that was not measured.</summary>
    public string? Set { get; init; }

    /// <summary>Its place in the ranking: 1 ends the echo most. Null where nothing was measured.</summary>
    public int? Rank { get; init; }

    /// <summary>Items behind it.</summary>
    public required int Items { get; init; }

    /// <summary>Of those, measured.</summary>
    public required int Measured { get; init; }

    /// <summary>Of those, given back.</summary>
    public required int Echoes { get; init; }

    /// <summary>Echoes ÷ measured; null where nothing was measured.</summary>
    public double? Rate => Measured == 0 ? null : (double)Echoes / Measured;

    /// <summary>Lower and upper end of the rate's 95 % Wilson interval; null where nothing was measured.</summary>
    public (double Low, double High)? Interval => Statistics.Wilson.Interval(Echoes, Measured);

    /// <summary>Median echo margin, in nats; null where nothing was measured.</summary>
    public double? MedianMargin { get; init; }

    /// <summary>What became of the rows: ok where one was measured.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Why nothing was measured; null where something was.</summary>
    public string? Reason { get; init; }
}
