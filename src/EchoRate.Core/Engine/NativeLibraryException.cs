namespace EchoRate.Core.Engine;

/// <summary>A native library is missing, cannot be loaded or has the wrong version. The message is one line.</summary>
public sealed class NativeLibraryException : Exception
{
    public NativeLibraryException(string message)
        : base(message) { }

    public NativeLibraryException(string message, Exception inner)
        : base(message, inner) { }
}
