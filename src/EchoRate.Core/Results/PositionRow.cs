using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>
/// One token of a text where it stands in its window: does the model give it back, and what does it give the token that follows? One row of
/// <c>positions.csv</c>; <see cref="EchoRow.Token"/> is the token, <see cref="EchoRow.ItemSet"/> the text's name.
/// </summary>
public sealed record PositionRow : LookRow
{
    public override string Probe => "positions";
    public override bool IsFirst => Position == 0 && Prefix is null;

    /// <summary>The window of the text, 0-based. Null where nothing was measured.</summary>
    public int? Window { get; set; }

    /// <summary>The token's place among the text's tokens in its window, 0-based; what stands in front of the window is not counted.</summary>
    public int? Position { get; set; }

    /// <summary>The token that follows in the text; null at a window's end.</summary>
    public TokenBytes? Next { get; set; }

    /// <summary>Log-probability of the token that follows, in nats.</summary>
    public double? NextLogProb { get; set; }

    /// <summary>Rank of the token that follows; 1 is the top.</summary>
    public int? NextRank { get; set; }
}
