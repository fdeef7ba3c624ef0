using System.Text.Json.Serialization;
using EchoRate.Core.Tokens;

namespace EchoRate.Core.Results;

/// <summary>What every measurement carries: the condition that it was taken under, and what became of it.</summary>
public abstract record MeasuredRow
{
    /// <summary>
    /// The row's place among all rows of its file, 0-based, the same whether the file is measured at once, resumed or in shards: set, arm,
    /// prefix, item.
    /// </summary>
    public long Place { get; set; }

    /// <summary>The condition: <c>without</c>, <c>with</c> or <c>neutral</c>.</summary>
    [JsonRequired]
    public string Arm { get; set; } = "";

    /// <summary>The token in front: BOS for <c>with</c>, another for <c>neutral</c>; null for <c>without</c>.</summary>
    public TokenBytes? Prefix { get; set; }

    /// <summary>The ids that went into the model, prefix included: the row's proof of its own condition. Null where nothing went in.</summary>
    public int[]? InputIds { get; set; }

    /// <summary>Entropy of the next-token distribution, in nats.</summary>
    public double? Entropy { get; set; }

    /// <summary>Whether the margin is so small that what the arithmetic adds may flip the outcome; known when the file's rows are read back.</summary>
    [JsonIgnore]
    public bool? NearTie { get; set; }

    /// <summary>The reference file (12 hex digits of its SHA-256); null in the reference's own rows and where there is none.</summary>
    public string? ReferenceFileId { get; set; }

    /// <summary>The reference's most likely next token.</summary>
    public TokenBytes? ReferenceTop1 { get; set; }

    /// <summary>Log-probability, in nats, that the reference gives its own most likely token.</summary>
    public double? ReferenceTop1LogProb { get; set; }

    /// <summary>Log-probability, in nats, that this file gives the reference's most likely token.</summary>
    public double? ReferenceTop1LogProbHere { get; set; }

    /// <summary>KL(reference ‖ this file) over the whole vocabulary, in nats.</summary>
    public double? Kld { get; set; }

    /// <summary>Whether the outcome (echo, hit) differs from the reference's.</summary>
    public bool? Flip { get; set; }

    /// <summary>Whether the published table's cell is met, by bytes; null where there is no cell.</summary>
    public bool? PublishedMatch { get; set; }

    /// <summary>The probe: <c>echo</c> or <c>completion</c>.</summary>
    public abstract string Probe { get; }

    /// <summary>Rank of the scored token (the input, or the expected one); 1 is the top.</summary>
    public abstract int? Rank { get; }

    /// <summary>What is counted: echo, or hit; null where the row has no outcome.</summary>
    public abstract bool? Outcome { get; }

    /// <summary>Margin of the scored token (the input, or the expected one), in nats.</summary>
    public abstract double? Margin { get; }

    /// <summary>Log-probability of the scored token, in nats.</summary>
    public abstract double? ScoredLogProb { get; }

    /// <summary>The most likely next token.</summary>
    public abstract TokenBytes? Answer { get; }

    /// <summary>The item set or prompt set; null for a file that never started.</summary>
    public abstract string? Set { get; }

    /// <summary>What became of the row.</summary>
    [JsonRequired]
    public RowStatus Status { get; set; }

    /// <summary>Warnings about a measured row, such as <c>space_prefix_forced</c>.</summary>
    public string[] Flags { get; set; } = [];

    /// <summary>Why the row is as it is; one line. Null where there is nothing to say.</summary>
    public string? Reason { get; set; }
}
