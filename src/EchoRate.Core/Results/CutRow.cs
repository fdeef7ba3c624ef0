using EchoRate.Core.Engine;

namespace EchoRate.Core.Results;

/// <summary>
/// One item under one arm, its last position kept from attending to certain positions in some layers and heads. One row of <c>cut.csv</c>; what
/// <see cref="EchoRow"/> says of the model's answer is said of the answer under that cut. A prompt's token is its last.
/// </summary>
public sealed record CutRow : LookRow
{
    public override string Probe => "cut";

    /// <summary>A prompt's row counts hits, a word's row echoes.</summary>
    public override bool? Outcome => Expected is null ? Echo : Hit;

    /// <summary>The item's place in its set, 0-based: what rows of different cuts are matched by.</summary>
    public int Index { get; set; }

    /// <summary>Where the attention was cut; null where nothing was measured.</summary>
    public AttentionCut? Cut { get; set; }

    /// <summary>What a prompt's set expects next; null of a word, and where nothing in particular is expected.</summary>
    public string? Expected { get; set; }

    /// <summary>Its token; null where it is not a single one.</summary>
    public int? ExpectedId { get; set; }

    /// <summary>Whether the most likely next token is the expected one.</summary>
    public bool? Hit { get; set; }

    /// <summary>Log-probability of the expected token minus the best of all others, in nats: positive exactly at a hit.</summary>
    public double? ExpectedMargin { get; set; }

    public override double? Margin => Expected is null ? EchoMargin : ExpectedMargin;
}
