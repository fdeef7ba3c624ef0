namespace EchoRate.Runs;

/// <summary>What is asked for is not what the run was begun with: what differs, in one line.</summary>
public sealed class RunDiffersException(string message) : Exception(message);
