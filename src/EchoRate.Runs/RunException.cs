namespace EchoRate.Runs;

/// <summary>A run's folder or files are in the way: what was found, what is allowed, what to do, in one line.</summary>
public sealed class RunException : Exception
{
    public RunException(string message)
        : base(message) { }

    public RunException(string message, Exception inner)
        : base(message, inner) { }
}
