namespace EchoRate.Cli.Quantizing;

/// <summary>Files cannot be quantized as asked, because of what is on the disk: one line, exit code 3.</summary>
internal sealed class LadderException(string message) : Exception(message);
