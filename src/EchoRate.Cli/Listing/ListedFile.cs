using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;

namespace EchoRate.Cli.Listing;

/// <summary>One file of the manifest, all parts together.</summary>
internal sealed record ListedFile
{
    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The quantization.</summary>
    public required string Quant { get; init; }

    /// <summary>The tuning; null where the manifest does not say.</summary>
    public required string? Tuning { get; init; }

    /// <summary>The repository; null for a file of this disk.</summary>
    public required string? Repo { get; init; }

    /// <summary>The revision that the manifest pins; null for none.</summary>
    public required string? Revision { get; init; }

    /// <summary>Size in bytes; null where nobody knows it yet.</summary>
    public required long? Bytes { get; init; }

    /// <summary>Whether manifest or lock file say what the content must be, of every part.</summary>
    public required bool HashKnown { get; init; }

    /// <summary>Whether it is here: <c>yes</c>, <c>no</c>, or <c>unusable</c>.</summary>
    public required string Here { get; init; }

    /// <summary>
    /// <c>yes</c>: every part was hashed by a pull, is unchanged since, and is what manifest or lock file say; <c>differs</c>: it is not what they
    /// say; <c>no</c>: nobody has hashed it yet, or nobody says what it must be; null where it is not here.
    /// </summary>
    public required string? Verified { get; init; }

    /// <summary>Whether it fits this machine: <c>yes</c>, <c>tight</c>, <c>no</c>, <c>unknown</c>.</summary>
    public required string Fits { get; init; }

    /// <summary>Where a run would put it; null where there is no GPU, or its size is not known.</summary>
    public required string? Plan { get; init; }

    /// <summary>Whether a licence must be accepted before the hub gives the original weights.</summary>
    public required bool Gated { get; init; }

    /// <summary>Where it is, the first part; null where it is not here.</summary>
    public required string? Where { get; init; }

    /// <summary>Why it cannot be used; null where it can.</summary>
    public required string? Reason { get; init; }

    /// <summary>Looks for a file.</summary>
    public static ListedFile Of(
        ManifestEntry entry,
        FileLocator locator,
        VerifiedFiles verified,
        IFitPlan fit
    )
    {
        var (model, file) = (entry.Model, entry.File);
        var location = locator.Locate(entry);
        var isHere = location.Presence == FilePresence.Here;
        var bytes = isHere ? location.Paths.Sum(Length) : file.Bytes;
        var (fits, plan) = fit.Of(
            new FitQuestion(
                $"{model.Name} {file.Quant}",
                file.Quant,
                bytes,
                isHere ? location.Paths[0] : null
            )
        );
        return new ListedFile
        {
            Model = model.Name,
            Quant = file.Quant,
            Tuning = model.Tuning,
            Repo = file.Repo,
            Revision = file.Revision,
            Bytes = bytes,
            HashKnown = file.Parts.All(part => part.Sha256 is not null),
            Here = location.Presence switch
            {
                FilePresence.Here => "yes",
                FilePresence.NotHere => "no",
                _ => "unusable",
            },
            Verified = isHere ? VerifiedWord(file, location.Paths, verified) : null,
            Fits = fits,
            Plan = plan,
            Gated = model.Licence?.Gated ?? false,
            Where = isHere ? location.Paths[0] : null,
            Reason = location.Reason,
        };
    }

    private static string VerifiedWord(
        ManifestFile file,
        IReadOnlyList<string> paths,
        VerifiedFiles verified
    )
    {
        var parts = file
            .Parts.Zip(paths, (part, path) => (Want: part.Sha256, Have: verified.Sha256Of(path)))
            .ToList();
        return parts.Exists(part =>
                part.Want is not null && part.Have is not null && part.Want != part.Have
            )
                ? "differs"
            : parts.TrueForAll(part => part.Want is not null && part.Want == part.Have) ? "yes"
            : "no";
    }

    private static long Length(string path) =>
        new FileInfo(
            File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path
        ).Length;
}
