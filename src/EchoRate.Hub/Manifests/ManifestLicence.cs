namespace EchoRate.Hub.Manifests;

/// <summary>The licence under which a model's weights are published.</summary>
public sealed record ManifestLicence
{
    /// <summary>What people call it, such as <c>Gemma Terms of Use</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Its SPDX identifier; absent when SPDX has none.</summary>
    public string? Spdx { get; init; }

    /// <summary>Where it can be read (http or https); absent when not said.</summary>
    public string? Url { get; init; }

    /// <summary>True when the publisher asks people to accept the terms before they get the original weights.</summary>
    public bool Gated { get; init; }

    /// <summary>The licence in words, for a message about a file that is not here.</summary>
    public string Describe()
    {
        string terms = Gated ? ", to be accepted first" : "";
        string where = Url is null ? "" : $" ({Url})";
        return $"{Spdx ?? Name}{terms}{where}";
    }
}
