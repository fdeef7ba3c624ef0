namespace EchoRate.Hub;

/// <summary>A file could not be brought from the hub; the message is one line: what, why, what to do.</summary>
public sealed class HubException : Exception
{
    internal HubException(HubFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>What kind of failure it is.</summary>
    internal HubFailure Failure { get; }

    /// <summary>Whether another try may go better.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}

/// <summary>What kind of failure a <see cref="HubException"/> is; people read the message.</summary>
internal enum HubFailure
{
    // A setting (HF_ENDPOINT, HF_TOKEN …) is not usable.
    Settings,

    // HF_HUB_OFFLINE forbids the network.
    Offline,

    // The repository's licence must be accepted first, or the token does not reach it.
    Gated,

    // The token is missing, wrong or expired.
    Unauthorised,
    NoRepository,
    NoRevision,
    NoFile,

    // The server could not be reached, broke off, or answered with an error of its own.
    Unreachable,

    // The server answers what no hub answers, or what is not safe to follow.
    Answer,

    // Bytes or sha256 are not what the manifest, the lock file or the hub say.
    Mismatch,
    NoRoom,

    // The cache's folder cannot be used.
    Cache,
}
