namespace EchoRate.Cli.Errors;

/// <summary>Data cannot be written to stdout.</summary>
internal sealed class OutputException(string message) : Exception(message);
