namespace EchoRate.Core.Results;

/// <summary>What part of every window a summary counts.</summary>
public enum PositionPart
{
    /// <summary>Tokens about as far from the window's beginning.</summary>
    Bin,

    /// <summary>All of them.</summary>
    All,

    /// <summary>All but the first 16.</summary>
    Later,
}

/// <summary>Tokens of a text that stand so far from the beginning of their window, under one prefix. One row of <c>positions-summary.csv</c>.</summary>
public sealed record PositionSummaryRow : EchoSummaryRow
{
    /// <summary>What is counted.</summary>
    public required PositionPart Part { get; init; }

    /// <summary>The first token of a window that is counted, from 1.</summary>
    public required int FirstToken { get; init; }

    /// <summary>The last one; of the longest window where it goes to the end. 0 where nothing was measured.</summary>
    public required int LastToken { get; init; }

    /// <summary>Tokens there.</summary>
    public required long Positions { get; init; }

    /// <summary>Mean echo margin, in nats; null where nothing was measured.</summary>
    public double? MeanMargin { get; init; }

    /// <summary>Tokens that another follows in their window, and was scored.</summary>
    public required long Followed { get; init; }

    /// <summary>Perplexity of the tokens that follow these; null where there is none.</summary>
    public double? Perplexity { get; init; }

    /// <summary>Perplexity of the text as llama-perplexity counts it; null where that counts otherwise or not at all.</summary>
    public double? LlamaPerplexity { get; init; }
}
