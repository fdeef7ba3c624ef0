namespace EchoRate.Cli.Errors;

/// <summary>The command line asks for something that is not allowed: one line with what was given and what is allowed.</summary>
internal sealed class UsageException(string message) : Exception(message);
