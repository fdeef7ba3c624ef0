using EchoRate.Core.Files;

namespace EchoRate.Hub.Pulling;

/// <summary>Brings files of the hub into its cache: ask for all, check the disk's room, then verify and fetch, several at a time.</summary>
public sealed class Puller(
    HubSettings settings,
    HubTiming timing,
    string program,
    IPullProgress progress
) : IDisposable
{
    /// <summary>Files that are asked for, hashed or fetched at a time.</summary>
    public const int AtATime = 4;

    /// <summary>The hub's cache.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What was hashed before.</summary>
    public required KnownHashes Verified { get; init; }

    /// <summary>Bytes that may still be written to a folder; null where the system does not say.</summary>
    public required Func<string, long?> FreeBytes { get; init; }

    /// <summary>The manifest beside which the lock file stands; null for none.</summary>
    public string? ManifestPath { get; init; }

    internal HubSettings Settings => settings;

    internal HubTiming Timing => timing;

    internal IPullProgress Progress => progress;

    internal HubClient Client { get; } = new(settings, timing, program);

    public void Dispose() => Client.Dispose();

    /// <summary>Brings the files.</summary>
    /// <returns>One result for each file, in order; what could not be brought is among them.</returns>
    /// <exception cref="HubException">The disk has no room for all of it; nothing was fetched.</exception>
    public async Task<IReadOnlyList<PullResult>> PullAsync(
        IReadOnlyList<WantedFile> files,
        CancellationToken cancellation
    )
    {
        var pulls = files.Select(file => new PullResult(file, this)).ToList();
        await EachAsync(pulls, (pull, stop) => pull.PlanAsync(stop), _ => { }, cancellation);
        var missing = pulls.Sum(pull => pull.MissingBytes);
        progress.Planned(pulls.Count(pull => pull.MissingBytes > 0), missing);
        RequireRoom(missing);
        await EachAsync(pulls, (pull, stop) => pull.BringAsync(stop), progress.End, cancellation);
        return pulls;
    }

    /// <summary>Refuses to begin where the disk has no room for so many bytes.</summary>
    internal void RequireRoom(long missing)
    {
        if (missing > 0 && FreeBytes(CacheFolder) is { } free && free < missing)
        {
            throw new HubException(
                $"{missing / 1e9:F1} GB are to be fetched and {CacheFolder} has room for {free / 1e9:F1} GB; nothing was fetched: name fewer files, or move the cache with HF_HUB_CACHE"
            );
        }
    }

    // A step that fails for one file ends in that file's failure; the others go on.
    private static Task EachAsync(
        List<PullResult> pulls,
        Func<PullResult, CancellationToken, Task> step,
        Action<PullResult> done,
        CancellationToken cancellation
    ) =>
        Parallel.ForEachAsync(
            pulls,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtATime,
                CancellationToken = cancellation,
            },
            async (pull, stop) =>
            {
                try
                {
                    await (pull.Failure is null ? step(pull, stop) : Task.CompletedTask);
                }
                catch (Exception e)
                    when (e is HubException or IOException or UnauthorizedAccessException)
                {
                    pull.Fail(e);
                }
                done(pull);
            }
        );
}
