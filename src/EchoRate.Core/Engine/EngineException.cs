namespace EchoRate.Core.Engine;

/// <summary>An engine could not load or evaluate a model. The message is one line that names the call, what happened and what to do.</summary>
public sealed class EngineException : Exception
{
    public EngineException(string message)
        : base(message) { }

    public EngineException(string message, Exception inner)
        : base(message, inner) { }

    /// <summary>Whether a GPU ran out of memory: with fewer layers on it the same may go well.</summary>
    public bool IsDeviceOutOfMemory { get; init; }
}

/// <summary>A native library is missing, cannot be loaded or has the wrong version. The message is one line.</summary>
public sealed class NativeLibraryException : Exception
{
    public NativeLibraryException(string message)
        : base(message) { }

    public NativeLibraryException(string message, Exception inner)
        : base(message, inner) { }
}
