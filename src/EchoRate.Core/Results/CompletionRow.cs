using System.Text.Json.Serialization;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>Why a greedy continuation ended.</summary>
public enum StopReason
{
    /// <summary>A token that ends generation was the most likely one.</summary>
    Eog,

    /// <summary>As many tokens as were asked for.</summary>
    Length,
}

/// <summary>One prompt under one arm: the next token and, where asked for, a short greedy continuation. One row of <c>completion.csv</c>.</summary>
public sealed record CompletionRow : MeasuredRow
{
    public override string Probe => "completion";
    public override int? Rank => ExpectedRank;
    public override bool? Outcome => Hit;
    public override double? Margin => ExpectedMargin;
    public override double? ScoredLogProb => ExpectedLogProb;
    public override TokenBytes? Answer => Next;
    public override string? Set => PromptSet;

    /// <summary>The set that the prompt belongs to: <c>published</c>, <c>ioi</c>, a file's name; null in the row that a file leaves which never started.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public required string? PromptSet { get; set; }

    /// <summary>The prompt's name within its set; null in the one row that a file leaves which never started.</summary>
    public string? PromptId { get; set; }

    /// <summary>The prompt's text.</summary>
    public string? Prompt { get; set; }

    /// <summary>The expected text; null where none was given.</summary>
    public string? Expected { get; set; }

    /// <summary>The expected token; null where the expected text is not a single one.</summary>
    public int? ExpectedId { get; set; }

    /// <summary>The most likely next token.</summary>
    public TokenBytes? Next { get; set; }

    /// <summary>Whether the most likely next token is the expected one.</summary>
    public bool? Hit { get; set; }

    /// <summary>Log-probability of the most likely next token, in nats.</summary>
    public double? NextLogProb { get; set; }

    /// <summary>Log-probability of the expected token, in nats.</summary>
    public double? ExpectedLogProb { get; set; }

    /// <summary>Rank of the expected token; 1 is the top.</summary>
    public int? ExpectedRank { get; set; }

    /// <summary>Log-probability of the expected token minus the best of all others, in nats: positive exactly at a hit.</summary>
    public double? ExpectedMargin { get; set; }

    /// <summary>The bytes of the greedy continuation, the next token first, a token that ends generation left out.</summary>
    public byte[]? Continuation { get; set; }

    /// <summary>The ids of the greedy continuation, a token that ends generation included.</summary>
    public int[]? ContinuationIds { get; set; }

    /// <summary>Why the continuation ended; null where none was asked for.</summary>
    public StopReason? Stop { get; set; }

    /// <summary>This file's log-probability of the expected token minus the reference's, in nats.</summary>
    public double? DeltaExpectedLogProb { get; set; }

    /// <summary>The published table's completion, in bytes.</summary>
    public byte[]? PublishedNext { get; set; }
}
