namespace EchoRate.Core.LlamaCpp;

/// <summary>How llama.cpp ranks what it logs; the numbers are ggml's.</summary>
public enum LogLevel
{
    /// <summary>Without a rank.</summary>
    None = 0,

    /// <summary>For those who write llama.cpp.</summary>
    Debug = 1,

    /// <summary>What it does.</summary>
    Info = 2,

    /// <summary>What may be wrong.</summary>
    Warning = 3,

    /// <summary>What failed.</summary>
    Error = 4,

    /// <summary>More of the line before.</summary>
    Continue = 5,
}
