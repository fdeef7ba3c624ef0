namespace EchoRate.Runs;

/// <summary>A run's folder or files are in the way: what was found, what is allowed, what to do, in one line.</summary>
public sealed class RunException(string message, Exception? inner = null)
    : Exception(message, inner);
