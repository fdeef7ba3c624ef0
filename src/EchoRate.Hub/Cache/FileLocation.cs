namespace EchoRate.Hub.Cache;

/// <summary>Where a manifest's file is on this disk, or why it cannot be used.</summary>
public sealed record FileLocation
{
    /// <summary>Whether the file can be used.</summary>
    public required FilePresence Presence { get; init; }

    /// <summary>Full paths of all parts, first part first; empty unless the file is here.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>The commit under which the hub's cache holds the file; absent for a local file and when it is not known.</summary>
    public string? Revision { get; init; }

    /// <summary>Why the file cannot be used and how to get it, in one line; absent when it is here.</summary>
    public string? Reason { get; init; }
}

/// <summary>Whether a file can be used.</summary>
public enum FilePresence
{
    /// <summary>Every part is here, and as large as the manifest says, where it says so.</summary>
    Here,

    /// <summary>A part is missing: the row's status is <c>not_here</c>.</summary>
    NotHere,

    /// <summary>A part is here but cannot be read or has another size than the manifest says.</summary>
    Unusable,
}
