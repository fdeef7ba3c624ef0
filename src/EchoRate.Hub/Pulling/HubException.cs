namespace EchoRate.Hub;

/// <summary>A file could not be brought from the hub; the message is one line: what, why, what to do.</summary>
public sealed class HubException : Exception
{
    internal HubException(string message, Exception? inner = null)
        : base(message, inner) { }

    /// <summary>Whether another try may go better.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>How long the server asks to be left alone; null where it does not say.</summary>
    internal TimeSpan? RetryAfter { get; init; }
}
