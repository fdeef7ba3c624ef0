namespace EchoRate.Hub.Manifests;

/// <summary>One GGUF file on disk: a whole model, or one part of a split one.</summary>
public sealed record ManifestPart
{
    /// <summary>A local path as written (relative to the manifest's folder, absolute, or <c>~/…</c>), or the path in the repository.</summary>
    public required string Path { get; init; }

    /// <summary>Its size in bytes, positive; absent when not known.</summary>
    public long? Bytes { get; init; }

    /// <summary>Its SHA-256, 64 lower-case hex digits; absent when not known.</summary>
    public string? Sha256 { get; init; }
}
