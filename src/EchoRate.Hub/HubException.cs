namespace EchoRate.Hub;

/// <summary>A file could not be brought from the hub; the message is one line: what, why, what to do.</summary>
public sealed class HubException : Exception
{
    internal HubException(HubFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    public HubFailure Failure { get; }

    /// <summary>Whether another try may go better.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

/// <summary>What kind of failure a <see cref="HubException"/> is; tests and scripts hold on to these, people read the message.</summary>
public enum HubFailure
{
    /// <summary>A setting (HF_ENDPOINT, HF_TOKEN …) is not usable.</summary>
    Settings,

    /// <summary>HF_HUB_OFFLINE forbids the network.</summary>
    Offline,

    /// <summary>The repository's licence must be accepted first, or the token does not reach it.</summary>
    Gated,

    /// <summary>The token is missing, wrong or expired.</summary>
    Unauthorised,

    /// <summary>There is no such repository, or none that this user may see.</summary>
    NoRepository,

    /// <summary>The repository has no such commit, branch or tag.</summary>
    NoRevision,

    /// <summary>The repository has no such file.</summary>
    NoFile,

    /// <summary>The server could not be reached, broke off, or answered with an error of its own.</summary>
    Unreachable,

    /// <summary>The server answers what no hub answers, or what is not safe to follow.</summary>
    Answer,

    /// <summary>Bytes or sha256 are not what the manifest, the lock file or the hub say.</summary>
    Mismatch,

    /// <summary>The disk has no room.</summary>
    NoRoom,

    /// <summary>The cache's folder cannot be used.</summary>
    Cache,
}
