using EchoRate.Core.Files;
using EchoRate.Gguf;
using EchoRate.Runs.Folder;
using EchoRate.Runs.Provenance;

namespace EchoRate.Runs.Executing;

/// <summary>
/// The hashes of a run's model files or of their parts, held against what somebody said they must be. While one file is measured the next
/// one is read.
/// </summary>
/// <param name="files">The files, in the order in which they are asked for.</param>
/// <param name="known">Knows files that were read before.</param>
public sealed class ModelHashes(IReadOnlyList<FileJob> files, KnownHashes known)
{
    private readonly Dictionary<FileJob, Task<(string? Sha256, string Wrong)>> _outcomes = [];

    // As the run found them: what their headers say is known from then.
    private readonly Dictionary<FileJob, IReadOnlyList<FileStamp>> _stamps = files.ToDictionary(
        file => file,
        file =>
            (IReadOnlyList<FileStamp>)
                [
                    .. file.Parts.Select(part =>
                        FileStamp.Of(part.Path) ?? new FileStamp(part.Path, -1, 0)
                    ),
                ]
    );

    /// <summary>A file's parts as they were when the run began.</summary>
    public IReadOnlyList<FileStamp> StampsOf(FileJob file) => _stamps[file];

    /// <summary>Reads a file through, and begins with the next one. Asked again for the same file, as every target asks, it answers at once.</summary>
    /// <param name="file">The file.</param>
    /// <param name="cancellation">Stops on request.</param>
    /// <returns>64 hex digits (<see cref="FileHash.Combine"/>); null where it cannot be read, or is not what it must be, and what is wrong, in one line.</returns>
    public (string? Sha256, string Wrong) Of(FileJob file, CancellationToken cancellation)
    {
        var outcome = Begin(file, cancellation).GetAwaiter().GetResult();
        cancellation.ThrowIfCancellationRequested();
        var next = files.SkipWhile(other => other != file).Skip(1);
        if (next.FirstOrDefault(other => other.Barred is null) is { } ahead)
        {
            Begin(ahead, cancellation);
        }
        return outcome;
    }

    private Task<(string? Sha256, string Wrong)> Begin(FileJob file, CancellationToken cancellation)
    {
        if (!_outcomes.TryGetValue(file, out var outcome))
        {
            _outcomes[file] = outcome = Task.Run(
                () => Compute(file, cancellation),
                CancellationToken.None
            );
        }
        return outcome;
    }

    private (string?, string) Compute(FileJob file, CancellationToken cancellation)
    {
        var hashes = new List<string>();
        foreach (var part in file.Parts)
        {
            try
            {
                hashes.Add(known.HashOf(part.Path, cancellation));
            }
            catch (OperationCanceledException)
            {
                return (null, "stopped");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return (null, $"{part.Path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}");
            }
            if (
                part.Sha256 is { } expected
                && !expected.Equals(hashes[^1], StringComparison.OrdinalIgnoreCase)
            )
            {
                return (null, $"{part.Path}: sha256 is {hashes[^1]}; the manifest says {expected}");
            }
        }
        return (FileHash.Combine(hashes), "");
    }
}
