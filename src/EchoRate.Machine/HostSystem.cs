namespace EchoRate.Machine;

/// <summary>The operating systems whose libraries and folders we know.</summary>
public enum HostSystem
{
    /// <summary>Linux, whatever its C library.</summary>
    Linux,

    /// <summary>Windows.</summary>
    Windows,

    /// <summary>macOS.</summary>
    MacOS,

    /// <summary>Anything else; treated like Linux, without prebuilt libraries.</summary>
    Other,
}
