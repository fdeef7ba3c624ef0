using EchoRate.Core.Engine;

namespace EchoRate.Core.Results;

/// <summary>One cut of one file × set × arm, added up over its items. One row of <c>cut-summary.csv</c>.</summary>
public sealed record CutSummaryRow
{
    /// <summary>The set of items or prompts; null for a file that never started.</summary>
    public required string? Set { get; init; }

    /// <summary>The condition.</summary>
    public required string Arm { get; init; }

    /// <summary>The cut; null where nothing was measured.</summary>
    public AttentionCut? Cut { get; init; }

    /// <summary>Items measured, each behind each prefix.</summary>
    public int Measured { get; init; }

    /// <summary>Of those, how many echo.</summary>
    public int Echoes { get; init; }

    /// <summary>The 95 % Wilson interval of the rate of echoes; null where items are not independent or nothing was measured.</summary>
    public (double Low, double High)? EchoInterval { get; init; }

    /// <summary>Median of the echo margin, in nats.</summary>
    public double? MedianMargin { get; init; }

    /// <summary>Prompts measured that have an expected token.</summary>
    public int Expecting { get; init; }

    /// <summary>Of those, how many are answered with it.</summary>
    public int Hits { get; init; }

    /// <summary>The 95 % Wilson interval of the rate of hits; null as <see cref="EchoInterval"/>.</summary>
    public (double Low, double High)? HitInterval { get; init; }

    /// <summary>
    /// Items whose outcome (echo; of a prompt, hit) is another than without a cut; for <see cref="CutKind.AllBut"/> another than with everything cut.
    /// </summary>
    public int Changed { get; init; }

    /// <summary>
    /// What the layer (or head) decides: of the two cuts that are about it, it alone and all but it, the <see cref="Changed"/> of the one with the
    /// larger; null for cuts that are about none.
    /// </summary>
    public int? Decides { get; init; }

    /// <summary>
    /// Place of the layer among the layers (of the head among the heads) by <see cref="Decides"/>, 1 the first; then by both together, then by how far
    /// the median margin moves. Null for cuts that are about none.
    /// </summary>
    public int? Rank { get; init; }

    /// <summary>What became of it.</summary>
    public required RowStatus Status { get; init; }

    /// <summary>Why nothing was measured.</summary>
    public string? Reason { get; init; }
}
