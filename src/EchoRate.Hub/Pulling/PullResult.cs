namespace EchoRate.Hub.Pulling;

/// <summary>How it went with one file.</summary>
public sealed record PullResult
{
    /// <summary>Which file.</summary>
    public required WantedFile Wanted { get; init; }

    /// <summary>What was done.</summary>
    public required PullOutcome Outcome { get; init; }

    /// <summary>Where it is; null after a failure.</summary>
    public string? Path { get; init; }

    /// <summary>Its SHA-256, computed from its bytes; null after a failure.</summary>
    public string? Sha256 { get; init; }

    /// <summary>Why it is not here; null where it is.</summary>
    public HubException? Failure { get; init; }
}

/// <summary>What was done with a file.</summary>
public enum PullOutcome
{
    /// <summary>It was here, and its bytes were hashed before.</summary>
    Here,

    /// <summary>It was here, and its bytes were hashed now.</summary>
    Verified,

    /// <summary>It was fetched.</summary>
    Fetched,

    /// <summary>It is not here.</summary>
    Failed,
}
