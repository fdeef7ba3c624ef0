using EchoRate.Core.Files;
using EchoRate.Gguf;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>Brings files of the hub into its cache: ask for all, check the disk's room, then verify and fetch, several at a time.</summary>
public sealed class Puller : IDisposable
{
    /// <summary>Files that are asked for, hashed or fetched at a time.</summary>
    public const int AtATime = 4;

    private readonly HubSettings _settings;
    private readonly HubTiming _timing;
    private readonly IPullProgress _progress;
    private readonly HubClient _client;
    private readonly PullPlanner _planner;

    /// <summary>A puller.</summary>
    /// <param name="settings">How the hub is reached.</param>
    /// <param name="timing">How patient it is.</param>
    /// <param name="program">The name and version that the hub is told.</param>
    /// <param name="progress">Where it tells how far it is.</param>
    public Puller(HubSettings settings, HubTiming timing, string program, IPullProgress progress)
    {
        (_settings, _timing, _progress) = (settings, timing, progress);
        _client = new HubClient(settings, timing, program);
        _planner = new PullPlanner(_client, settings, progress);
    }

    /// <summary>The hub's cache.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What was hashed before.</summary>
    public required KnownHashes Verified { get; init; }

    /// <summary>Bytes that may still be written to a folder; null where the system does not say.</summary>
    public required Func<string, long?> FreeBytes { get; init; }

    /// <summary>The manifest beside which the lock file stands; null for none.</summary>
    public string? ManifestPath { get; init; }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    /// <summary>Brings the files.</summary>
    /// <returns>One result for each file, in order; what could not be brought is among them.</returns>
    /// <exception cref="HubException">The disk has no room for all of it; nothing was fetched.</exception>
    public async Task<IReadOnlyList<PullResult>> PullAsync(
        IReadOnlyList<WantedFile> files,
        CancellationToken cancellation
    )
    {
        var plans = files
            .Select(file => new PullResult(file, new CacheFolders(CacheFolder, file.Address.Repo)))
            .ToArray();
        await EachAsync(plans, _planner.PlanAsync, _ => { }, cancellation);
        var missing = plans.Sum(plan => plan.MissingBytes);
        _progress.Planned(plans.Count(plan => plan.MissingBytes > 0), missing);
        RequireRoom(missing);
        await EachAsync(plans, BringAsync, _progress.End, cancellation);
        return plans;
    }

    // A step that fails for one file ends in that file's failure; the others go on.
    private static Task EachAsync(
        PullResult[] plans,
        Func<PullResult, CancellationToken, Task> step,
        Action<PullResult> done,
        CancellationToken cancellation
    ) =>
        Parallel.ForEachAsync(
            plans,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtATime,
                CancellationToken = cancellation,
            },
            async (plan, stop) =>
            {
                try
                {
                    await (plan.Failure is null ? step(plan, stop) : Task.CompletedTask);
                }
                catch (HubException failure)
                {
                    plan.Fail(failure);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    var text = $"{plan.Address}: {Wording.Plain(e.Message)}";
                    plan.Fail(new HubException(text, e));
                }
                done(plan);
            }
        );

    private void RequireRoom(long missing)
    {
        if (missing > 0 && FreeBytes(CacheFolder) is { } free && free < missing)
        {
            throw new HubException(
                FormattableString.Invariant(
                    $"{missing / 1e9:F1} GB are to be fetched and {CacheFolder} has room for {free / 1e9:F1} GB; nothing was fetched: name fewer files, or move the cache with HF_HUB_CACHE"
                )
            );
        }
    }

    private async Task BringAsync(PullResult plan, CancellationToken cancellation)
    {
        if (plan.Path is { } present && !await IsRightAsync(plan, present, cancellation))
        {
            plan.Path = null;
            if (plan.Remote is null)
            {
                await _planner.DescribeAsync(plan, plan.Commit, cancellation);
            }
            RequireRoom(plan.Remote!.Bytes);
        }
        if (plan.Path is null)
        {
            await FetchAsync(plan, cancellation);
        }
        else if (plan.Remote is not null)
        {
            // Who looks by the branch is to find it.
            WriteRef(plan);
        }
        if (plan.Outcome != PullOutcome.Here)
        {
            Verified.Add(plan.Path!, plan.Sha256!);
        }
        await RecordAsync(plan, cancellation);
    }

    private async Task<bool> IsRightAsync(
        PullResult plan,
        string path,
        CancellationToken cancellation
    )
    {
        if (plan.Sha256 is not null && Verified.Sha256Of(path) == plan.Sha256)
        {
            plan.Outcome = PullOutcome.Here;
            return true;
        }
        var found = await HashAsync(plan, path, cancellation);
        if (found == (plan.Sha256 ?? found))
        {
            (plan.Outcome, plan.Sha256) = (PullOutcome.Verified, found);
            return true;
        }
        var damaged = $"{path} has sha256 {found}, not {plan.Sha256}: damaged, or another file";
        if (_settings.Offline)
        {
            throw new HubException(damaged + "; HF_HUB_OFFLINE is set, so it is not fetched again");
        }
        _progress.Note(damaged + "; it is fetched again");
        return false;
    }

    // The bytes under the blob's lock, their name in the snapshot, the branch's commit.
    private async Task FetchAsync(PullResult plan, CancellationToken cancellation)
    {
        var (remote, folders) = (plan.Remote!, plan.Folders);
        var blob = folders.Blob(remote.Etag);
        var snapshot = folders.Snapshot(remote.Commit, plan.Address.Path);
        var lockFile = folders.Lock(remote.Etag);
        foreach (var file in new[] { blob, snapshot, lockFile })
        {
            folders.Prepare(file);
        }
        using var held = await FileLock.TakeAsync(
            lockFile,
            () => _progress.Note($"{plan.Address}: another download of it is under way; waiting"),
            cancellation
        );
        var found = CacheFolders.HasBytes(blob) ? await HashAsync(plan, blob, cancellation) : null;
        // Without any word on the hash, a blob of this etag and size is what the hub's own programs would take.
        var isThere =
            found is not null
            && (
                plan.Sha256 is null
                    ? new FileInfo(blob).Length == remote.Bytes
                    : found == plan.Sha256
            );
        if (!isThere)
        {
            _progress.Begin(plan.Wanted, remote.Bytes, fetching: true);
            found = await new FileDownloader(_client, _timing, remote).DownloadAsync(
                plan.Sha256,
                blob,
                bytes => _progress.Arrived(plan.Wanted, bytes),
                cancellation
            );
        }
        CacheFolders.Link(blob, snapshot, isNew: !isThere);
        WriteRef(plan);
        (plan.Outcome, plan.Path, plan.Sha256) = (PullOutcome.Fetched, snapshot, found);
    }

    private Task<string> HashAsync(PullResult plan, string path, CancellationToken cancellation)
    {
        _progress.Begin(plan.Wanted, CacheFolders.RealFile(path).Length, fetching: false);
        return Task.Run(
            () =>
                FileHash.Sha256(path, cancellation, bytes => _progress.Arrived(plan.Wanted, bytes)),
            cancellation
        );
    }

    // After the file: a branch never points to a snapshot that does not hold it. What is locked to an older commit does not move it back.
    private void WriteRef(PullResult plan)
    {
        var (revision, folders) = (plan.Address.Revision, plan.Folders);
        if (plan.Wanted.LockedCommit is not null && folders.KnownCommit(revision) is not null)
        {
            return;
        }
        try
        {
            folders.WriteRef(revision, plan.Remote!.Commit);
        }
        catch (Exception e) when (e is HubException or IOException or UnauthorizedAccessException)
        {
            _progress.Note(
                $"{plan.Address}: the cache does not keep what {revision} means now: {Wording.Plain(e.Message)}"
            );
        }
    }

    // A file that is here and right is no failure, even where a folder that cannot be written keeps its hash from being remembered.
    private async Task RecordAsync(PullResult plan, CancellationToken cancellation)
    {
        if (ManifestPath is null || plan.Wanted.Sha256 is not null)
        {
            return;
        }
        var bytes = CacheFolders.RealFile(plan.Path!).Length;
        var learned = new LockedFile(plan.Address, plan.Commit!, bytes, plan.Sha256!);
        try
        {
            await LockFile.AddAsync(ManifestPath, learned, CacheFolder, cancellation);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ManifestException)
        {
            _progress.Note(
                $"the lock file of {ManifestPath} cannot be written, so the hash is not kept: {Wording.Plain(e.Message)}"
            );
        }
    }
}
