using EchoRate.Gguf;

namespace EchoRate.Hub.Manifests;

/// <summary>What <c>gguf-manifest.yaml</c> says: the models that a run may name, and their files.</summary>
public sealed record Manifest
{
    /// <summary>The only schema version that this program reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The manifest's full path.</summary>
    public required string Path { get; init; }

    /// <summary>SHA-256 of the manifest's bytes, 64 lower-case hex digits, for a run's provenance.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The models in the file's order, at least one, no two of one name (case ignored).</summary>
    public required IReadOnlyList<ManifestModel> Models { get; init; }

    /// <summary>The folder from which relative local paths start.</summary>
    public string Folder => System.IO.Path.GetDirectoryName(Path) ?? Path;

    /// <summary>The files of the named models in the named quantizations, in the manifest's order; an empty list of names means all.</summary>
    /// <exception cref="SelectionException">A name that the manifest does not have.</exception>
    public IReadOnlyList<ManifestEntry> Select(
        IReadOnlyCollection<string> models,
        IReadOnlyCollection<string> quants
    )
    {
        var known = Models.Select(model => model.Name).ToList();
        var unknown = models.FirstOrDefault(name =>
            !known.Contains(name, StringComparer.OrdinalIgnoreCase)
        );
        if (unknown is not null)
        {
            throw new SelectionException("model", unknown, known);
        }
        var entries = Models
            .Where(model =>
                models.Count == 0 || models.Contains(model.Name, StringComparer.OrdinalIgnoreCase)
            )
            .SelectMany(model => model.Files.Select(file => new ManifestEntry(model, file)))
            .ToList();
        if (quants.Count == 0)
        {
            return entries;
        }
        // A quantization that only some of the chosen models have is fine; one that none of them has is a slip.
        var chosen = entries.GroupBy(entry => entry.Model).ToList();
        var wanted = quants
            .SelectMany(name =>
            {
                var found = chosen.SelectMany(model => Named(name, [.. model])).ToList();
                return found.Count > 0
                    ? found
                    : throw new SelectionException(
                        "quant",
                        name,
                        [.. entries.Select(entry => entry.File.Label).Distinct()]
                    );
            })
            .ToHashSet();
        return [.. entries.Where(wanted.Contains)];
    }

    // A label names one file; a quantization too, where the model has but one of it.
    private static List<ManifestEntry> Named(string name, List<ManifestEntry> model)
    {
        var quant = QuantizationNames.Normalise(name);
        var labelled = model.FindAll(entry =>
            entry.File.Label.Equals(name, StringComparison.OrdinalIgnoreCase)
            || entry.File.Label == quant
        );
        var found =
            labelled.Count > 0 ? labelled : model.FindAll(entry => entry.File.Quant == quant);
        return found.Count <= 1
            ? found
            : throw SelectionException.Ambiguous(
                name,
                model[0].Model.Name,
                [.. found.Select(entry => entry.File.Label)]
            );
    }
}

/// <summary>One thing to run: a quantization together with the model that it belongs to.</summary>
public sealed record ManifestEntry(ManifestModel Model, ManifestFile File);

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

    /// <summary>What the model shows in a first real run, one line: a small one that a run may fetch by itself; absent for any other.</summary>
    public string? Shows { get; init; }

    /// <summary>The licence of the weights; absent when not said.</summary>
    public ManifestLicence? Licence { get; init; }

    /// <summary>The column of the published table that this model is compared with; absent when none is.</summary>
    public string? Published { get; init; }

    /// <summary>The files in the manifest's order, at least one, no two of one label.</summary>
    public required IReadOnlyList<ManifestFile> Files { get; init; }
}

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
    public string Describe() =>
        (Spdx ?? Name) + (Gated ? ", to be accepted first" : "") + (Url is null ? "" : $" ({Url})");
}

/// <summary>One quantization of a model: a file on this disk, or one in a repository of the Hugging Face hub.</summary>
public sealed record ManifestFile
{
    /// <summary>The quantization by llama-quantize's name, such as <c>Q4_K_M</c>; of a publisher's recipe (<c>UD-Q4_K_XL</c>), the one that it varies.</summary>
    public required string Quant { get; init; }

    /// <summary>What tells the file from others of its model: a word of its own (<c>UD-Q4_K_XL</c>), else the quantization.</summary>
    public required string Label { get; init; }

    /// <summary>The hub repository, <c>organisation/name</c>; absent for a local file.</summary>
    public string? Repo { get; init; }

    /// <summary>The repository's commit, branch or tag; absent when the manifest does not pin one, and for a local file.</summary>
    public string? Revision { get; init; }

    /// <summary>The commit under which the lock file knows the file; absent where it does not.</summary>
    public string? LockedCommit { get; init; }

    /// <summary>The file itself as the only part, or all parts of a split file, first part first.</summary>
    public required IReadOnlyList<ManifestPart> Parts { get; init; }

    /// <summary>True when the paths are paths on this disk.</summary>
    public bool IsLocal => Repo is null;

    /// <summary>Size of all parts in bytes; absent unless every part's size is known.</summary>
    public long? Bytes =>
        Parts.All(part => part.Bytes is not null) ? Parts.Sum(part => part.Bytes) : null;
}

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
