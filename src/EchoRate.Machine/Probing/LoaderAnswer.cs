namespace EchoRate.Machine.Probing;

/// <summary>What the system's loader answers when a library is opened.</summary>
public sealed record LoaderAnswer
{
    /// <summary>Whether it opened.</summary>
    public required bool Opened { get; init; }

    /// <summary>The loader's own words; null where it opened.</summary>
    public string? Said { get; init; }

    /// <summary>The libraries that it could not find, by name; empty where it opened, or failed for another reason.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];
}
