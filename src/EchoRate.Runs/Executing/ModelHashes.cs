using System.Collections.Concurrent;
using EchoRate.Runs.Files;

namespace EchoRate.Runs.Executing;

/// <summary>
/// The hashes of a run's model files or of their parts, held against what somebody said they must be. While one file is measured the next
/// one is read.
/// </summary>
/// <param name="jobs">The files, in the order in which they are asked for.</param>
/// <param name="memory">Knows files that were read before; null for none.</param>
public sealed class ModelHashes(IReadOnlyList<FileJob> jobs, HashMemory? memory)
{
    private readonly Dictionary<string, Task<Outcome>> _ahead = [];
    private readonly ConcurrentDictionary<string, FileStamp?> _stamps = [];
    private FileJob? _last;
    private Outcome? _outcome;

    /// <summary>Reads a file through, and begins with the next one. Asked again for the same file, as every target asks, it answers at once.</summary>
    /// <param name="job">The file.</param>
    /// <param name="cancellation">Stops on request.</param>
    /// <param name="sha256">64 hex digits (<see cref="ContentHash.Combine"/>).</param>
    /// <param name="wrong">What is wrong, in one line.</param>
    /// <returns>False where it cannot be read, or is not what it must be.</returns>
    internal bool TryCompute(
        FileJob job,
        CancellationToken cancellation,
        out string sha256,
        out string wrong
    )
    {
        if (!ReferenceEquals(job, _last) || _outcome is null)
        {
            (_last, _outcome) = (job, null);
            var outcome =
                KeyOf(job) is { } key && _ahead.Remove(key, out var begun)
                    ? begun.GetAwaiter().GetResult()
                    : Compute(job, cancellation);
            cancellation.ThrowIfCancellationRequested();
            BeginNext(job, cancellation);
            _outcome = outcome;
        }
        (sha256, wrong) = _outcome;
        return wrong.Length == 0;
    }

    /// <summary>Refuses to go on where a file is not what it was when it was read through.</summary>
    /// <exception cref="RunException">It is not.</exception>
    internal void RequireUnchanged(FileJob job)
    {
        foreach (var part in job.Parts)
        {
            if (_stamps.TryGetValue(part.Path, out var was) && was != FileStamp.Of(part.Path))
            {
                throw new RunException(
                    $"{part.Path}: was replaced or changed while the run went on; put it back and go on with --resume, or begin a new run. The rows measured so far are kept"
                );
            }
        }
    }

    private void BeginNext(FileJob job, CancellationToken cancellation)
    {
        var key = KeyOf(job);
        var next = jobs.SkipWhile(other => KeyOf(other) != key)
            .Skip(1)
            .FirstOrDefault(other => other.Barred is null && KeyOf(other) is not null);
        if (next is not null)
        {
            _ahead[KeyOf(next)!] = Task.Run(
                () => Compute(next, cancellation),
                CancellationToken.None
            );
        }
    }

    private static string? KeyOf(FileJob job) => job.Parts is [var first, ..] ? first.Path : null;

    private Outcome Compute(FileJob job, CancellationToken cancellation)
    {
        var hashes = new List<string>();
        foreach (var part in job.Parts)
        {
            try
            {
                _stamps[part.Path] = FileStamp.Of(part.Path);
                hashes.Add(
                    memory?.HashOf(part.Path, cancellation)
                        ?? ContentHash.OfFile(part.Path, cancellation)
                );
            }
            catch (OperationCanceledException)
            {
                return new Outcome("", "stopped");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new Outcome(
                    "",
                    $"{part.Path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}"
                );
            }
            if (
                part.Sha256 is { } expected
                && !expected.Equals(hashes[^1], StringComparison.OrdinalIgnoreCase)
            )
            {
                return new Outcome(
                    "",
                    $"{part.Path}: sha256 is {hashes[^1]}; the manifest says {expected}"
                );
            }
        }
        return new Outcome(ContentHash.Combine(hashes), "");
    }

    private sealed record Outcome(string Sha256, string Wrong);
}
