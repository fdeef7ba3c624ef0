namespace EchoRate.Core.Results;

/// <summary>One file × arm × probe × set, added up. One row of <c>summary.csv</c>.</summary>
public sealed record SummaryRow
{
    /// <summary>The file.</summary>
    public required FileRecord File { get; init; }

    /// <summary>The condition.</summary>
    public required string Arm { get; init; }

    /// <summary><c>echo</c> or <c>completion</c>.</summary>
    public required string Probe { get; init; }

    /// <summary>The item set or prompt set; null for a file that never started.</summary>
    public required string? Set { get; init; }

    /// <summary>Items asked for.</summary>
    public required int Items { get; init; }

    /// <summary>Items that enter the rate: measured, and with an outcome.</summary>
    public required int Measured { get; init; }

    /// <summary>Echoes, or expected tokens on top.</summary>
    public required int Hits { get; init; }

    /// <summary>Hits ÷ measured; null where nothing was measured.</summary>
    public double? Rate { get; init; }

    /// <summary>Lower end of the 95 % Wilson interval.</summary>
    public double? RateLow { get; init; }

    /// <summary>Upper end of the 95 % Wilson interval.</summary>
    public double? RateHigh { get; init; }

    /// <summary>Items whose margin is below <see cref="NearTieEpsilon"/>.</summary>
    public required int NearTies { get; init; }

    /// <summary>What the other arithmetic says to a part of the items; null where it was not asked.</summary>
    public CheckedRows? Checked { get; init; }

    /// <summary>Below this |margin|, in nats, an outcome is a near tie; null where nothing was measured.</summary>
    public double? NearTieEpsilon { get; init; }

    /// <summary>Median rank of the input or expected token.</summary>
    public double? MedianRank { get; init; }

    /// <summary>Mean log-probability of the input or expected token, in nats.</summary>
    public double? MeanLogProb { get; init; }

    /// <summary>Mean margin of the input or expected token, in nats.</summary>
    public double? MeanMargin { get; init; }

    /// <summary>Mean entropy, in nats.</summary>
    public double? MeanEntropy { get; init; }

    /// <summary>Items that the published table has a cell for; null where it has no column for the model.</summary>
    public int? PublishedItems { get; init; }

    /// <summary>Of those, how many agree.</summary>
    public int? PublishedMatches { get; init; }

    /// <summary><c>ok</c> where something was measured, else what became of the rows.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Warnings that any of the rows carries.</summary>
    public string[] Flags { get; init; } = [];

    /// <summary>Why the summary is as it is; one line.</summary>
    public string? Reason { get; init; }
}
