using EchoRate.Runs.Executing;

namespace EchoRate.Runs.Provenance;

/// <summary>The published file that a model file of a run is taken for.</summary>
/// <param name="Repo">The repository, organisation/name; null for a file of this disk.</param>
/// <param name="Revision">The repository's commit, where it is known, else its branch or tag.</param>
/// <param name="Sha256">What manifest or lock file say each part's SHA-256 must be, in order; null for a part of which nobody said.</param>
public sealed record FileSource(string? Repo, string? Revision, IReadOnlyList<string?> Sha256)
{
    /// <summary>The source of a job; null where neither a repository nor a hash is known.</summary>
    public static FileSource? Of(FileJob job)
    {
        ArgumentNullException.ThrowIfNull(job);
        return job.Facts.SourceRepo is null && job.Parts.All(part => part.Sha256 is null)
            ? null
            : new FileSource(
                job.Facts.SourceRepo,
                job.Facts.SourceRevision,
                [.. job.Parts.Select(part => part.Sha256)]
            );
    }
}
