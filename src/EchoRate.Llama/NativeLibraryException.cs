namespace EchoRate.Llama;

/// <summary>llama.cpp's libraries cannot be had or used; the message is one line for the user. Exit code 4.</summary>
public sealed class NativeLibraryException(string message, Exception? inner = null)
    : Exception(message, inner);
