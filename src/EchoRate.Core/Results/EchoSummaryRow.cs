using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>Echoes of one file counted under one prefix.</summary>
public abstract record EchoSummaryRow
{
    /// <summary>The file.</summary>
    public required FileRecord File { get; init; }

    /// <summary>The condition that the prefix belongs to.</summary>
    public required string Arm { get; init; }

    /// <summary>The token in front; null for none.</summary>
    public TokenBytes? Prefix { get; init; }

    /// <summary>Tokens or items that were measured.</summary>
    public required long Measured { get; init; }

    /// <summary>Of those, given back.</summary>
    public required long Echoes { get; init; }

    /// <summary>Echoes ÷ measured; null where nothing was measured.</summary>
    public double? Rate => Measured == 0 ? null : (double)Echoes / Measured;

    /// <summary>Lower and upper end of the rate's 95 % Wilson interval; null where nothing was measured.</summary>
    public (double Low, double High)? Interval => Statistics.Wilson.Interval(Echoes, Measured);

    /// <summary>What became of the rows: ok where one was measured.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Why nothing was measured; null where something was.</summary>
    public string? Reason { get; init; }
}
