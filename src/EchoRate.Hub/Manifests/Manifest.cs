namespace EchoRate.Hub.Manifests;

/// <summary>What <c>gguf-manifest.yaml</c> says: the models that a run may name, and their files.</summary>
public sealed partial record Manifest
{
    /// <summary>The only schema version that this program reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The manifest's full path; relative local paths in it start from its folder.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the manifest's bytes, 64 lower-case hex digits, for a run's provenance.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The schema version that the file declares.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>The models in the file's order, at least one, no two of one name (case ignored).</summary>
    public required IReadOnlyList<ManifestModel> Models { get; init; }

    /// <summary>The folder from which relative local paths start.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? Path;
}
