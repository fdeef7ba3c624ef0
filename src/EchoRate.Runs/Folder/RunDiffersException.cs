namespace EchoRate.Runs.Folder;

/// <summary>Runs, or a run and what is asked for now, do not belong together: what differs, in one line.</summary>
public sealed class RunDiffersException(string message) : Exception(message);
