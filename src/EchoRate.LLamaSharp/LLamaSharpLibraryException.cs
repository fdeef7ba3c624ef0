namespace EchoRate.LLamaSharp;

/// <summary>LLamaSharp's native library cannot be used. The message is one line that names what is wrong and what to do.</summary>
public sealed class LLamaSharpLibraryException : Exception
{
    /// <summary>With the line.</summary>
    public LLamaSharpLibraryException(string message)
        : base(message) { }

    /// <summary>With the line and what led to it.</summary>
    public LLamaSharpLibraryException(string message, Exception inner)
        : base(message, inner) { }
}
