namespace EchoRate.Hub.Manifests;

/// <summary>One model of the manifest: one checkpoint, in one or more quantizations.</summary>
public sealed record ManifestModel
{
    /// <summary>The name that <c>--model</c> takes and that the CSV files show.</summary>
    public required string Name { get; init; }

    /// <summary>The family, such as <c>gemma2</c>; absent when the manifest does not say.</summary>
    public string? Family { get; init; }

    /// <summary><c>base</c>, <c>it</c> (instruction-tuned) or <c>post</c> (post-trained otherwise); absent when not said.</summary>
    public string? Tuning { get; init; }

    /// <summary>The original weights, such as <c>google/gemma-2-2b-it</c>; absent when not said.</summary>
    public string? Source { get; init; }

    /// <summary>The licence of the weights; absent when not said.</summary>
    public ManifestLicence? Licence { get; init; }

    /// <summary>The column of the published table that this model is compared with; absent when none is.</summary>
    public string? Published { get; init; }

    /// <summary>The files in the manifest's order, at least one, no two of one quantization.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }
}
