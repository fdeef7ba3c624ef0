namespace EchoRate.Gguf;

/// <summary>What a problem means for the file.</summary>
public enum GgufSeverity
{
    /// <summary>The model loads, but something about it should be known.</summary>
    Warning,

    /// <summary>The file must not be handed to llama.cpp.</summary>
    Error,
}
