using System.Globalization;
using EchoRate.Gguf;
using EchoRate.Hub.Downloading;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>Brings files of the hub into its cache: ask for all, check the disk's room, then verify and fetch, several at a time.</summary>
public sealed class Puller : IDisposable
{
    /// <summary>Files that are asked for, hashed or fetched at a time.</summary>
    public const int AtATime = 4;

    private readonly HubSettings _settings;
    private readonly HubTiming _timing;
    private readonly HubClient _client;

    /// <summary>A puller.</summary>
    /// <param name="settings">How the hub is reached.</param>
    /// <param name="timing">How patient it is.</param>
    /// <param name="program">The name and version that the hub is told.</param>
    public Puller(HubSettings settings, HubTiming timing, string program)
    {
        (_settings, _timing) = (settings, timing);
        _client = new HubClient(settings, timing, program);
    }

    /// <summary>The hub's cache.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>What was hashed before.</summary>
    public required VerifiedFiles Verified { get; init; }

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
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(progress);
        PullPlanner planner = new(_client, _settings, _timing, CacheFolder, Verified, progress);
        PullPlan[] plans = await EachAsync(
                files,
                (file, stop) => planner.PlanAsync(file, stop),
                cancellation
            )
            .ConfigureAwait(false);
        long missing = plans.Sum(plan => plan.MissingBytes);
        progress.Planned(plans.Count(plan => plan.MissingBytes > 0), missing);
        RequireRoom(missing);
        return await EachAsync(
                plans,
                async (plan, stop) =>
                {
                    PullResult result = await CarryOutAsync(plan, planner, progress, stop)
                        .ConfigureAwait(false);
                    progress.End(result);
                    return result;
                },
                cancellation
            )
            .ConfigureAwait(false);
    }

    private static async Task<TOut[]> EachAsync<TIn, TOut>(
        IReadOnlyList<TIn> items,
        Func<TIn, CancellationToken, Task<TOut>> work,
        CancellationToken cancellation
    )
    {
        TOut[] results = new TOut[items.Count];
        await Parallel
            .ForEachAsync(
                Enumerable.Range(0, items.Count),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = AtATime,
                    CancellationToken = cancellation,
                },
                async (i, stop) => results[i] = await work(items[i], stop).ConfigureAwait(false)
            )
            .ConfigureAwait(false);
        return results;
    }

    private void RequireRoom(long missing)
    {
        if (missing > 0 && FreeBytes(CacheFolder) is { } free && free < missing)
        {
            throw new HubException(
                HubFailure.NoRoom,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{missing / 1e9:F1} GB are to be fetched and {CacheFolder} has room for {free / 1e9:F1} GB; nothing was fetched: name fewer files, or move the cache with HF_HUB_CACHE"
                )
            );
        }
    }

    private async Task<PullResult> CarryOutAsync(
        PullPlan plan,
        PullPlanner planner,
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        try
        {
            if (plan.Failure is { } failure)
            {
                throw failure;
            }
            if (plan.IsKnownGood)
            {
                return await DoneAsync(
                        plan,
                        PullOutcome.Here,
                        plan.Present!,
                        plan.Sha256!,
                        progress,
                        cancellation
                    )
                    .ConfigureAwait(false);
            }
            if (plan.Present is { } present)
            {
                progress.Begin(plan.Wanted, new FileInfo(present).Length, fetching: false);
                string found = await Task.Run(
                        () =>
                            FileHash.Sha256(
                                present,
                                bytes => progress.Arrived(plan.Wanted, bytes),
                                cancellation
                            ),
                        cancellation
                    )
                    .ConfigureAwait(false);
                if (found == (plan.Sha256 ?? found))
                {
                    return await DoneAsync(
                            plan,
                            PullOutcome.Verified,
                            present,
                            found,
                            progress,
                            cancellation
                        )
                        .ConfigureAwait(false);
                }
                string damaged =
                    $"{present} has sha256 {found}, not {plan.Sha256}: damaged, or another file";
                if (_settings.Offline)
                {
                    throw new HubException(
                        HubFailure.Mismatch,
                        damaged + "; HF_HUB_OFFLINE is set, so it is not fetched again"
                    );
                }
                progress.Note(damaged + "; it is fetched again");
                plan = plan with
                {
                    Present = null,
                    Remote =
                        plan.Remote
                        ?? await planner
                            .DescribeAsync(plan.Wanted, plan.Commit!, cancellation)
                            .ConfigureAwait(false),
                };
                RequireRoom(plan.Remote.Bytes);
            }
            (string path, string sha256) = await new CacheWriter(_client, _timing)
                .WriteAsync(plan, progress, cancellation)
                .ConfigureAwait(false);
            return await DoneAsync(plan, PullOutcome.Fetched, path, sha256, progress, cancellation)
                .ConfigureAwait(false);
        }
        catch (HubException failure)
        {
            return new PullResult
            {
                Wanted = plan.Wanted,
                Outcome = PullOutcome.Failed,
                Failure = failure,
            };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return new PullResult
            {
                Wanted = plan.Wanted,
                Outcome = PullOutcome.Failed,
                Failure = new HubException(
                    HubFailure.Cache,
                    $"{plan.Wanted.Address}: {problem.Message.ReplaceLineEndings(" ")}",
                    problem
                ),
            };
        }
    }

    private async Task<PullResult> DoneAsync(
        PullPlan plan,
        PullOutcome outcome,
        string path,
        string sha256,
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        if (outcome != PullOutcome.Here)
        {
            Verified.Add(path, sha256);
        }
        if (outcome != PullOutcome.Fetched && plan.Remote is { } remote)
        {
            PointTo(plan, remote, progress);
        }
        WantedFile wanted = plan.Wanted;
        if (ManifestPath is not null && !wanted.IsInManifest && wanted.Sha256 is null)
        {
            await RecordAsync(plan, path, sha256, progress, cancellation).ConfigureAwait(false);
        }
        return new PullResult
        {
            Wanted = wanted,
            Outcome = outcome,
            Path = path,
            Sha256 = sha256,
        };
    }

    // The hub said what the branch means now, and its file was here: whoever looks by the branch is to find it.
    private static void PointTo(PullPlan plan, RemoteFile remote, IPullProgress progress)
    {
        try
        {
            CacheWriter.WriteRef(plan, remote);
        }
        catch (Exception problem)
            when (problem is HubException or IOException or UnauthorizedAccessException)
        {
            progress.Note(
                $"{plan.Wanted.Address}: the cache does not keep what {plan.Wanted.Address.Revision} means now: {problem.Message.ReplaceLineEndings(" ")}"
            );
        }
    }

    // A file that is here and right is no failure, even where a folder that cannot be written keeps its hash from being remembered.
    private async Task RecordAsync(
        PullPlan plan,
        string path,
        string sha256,
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        HubAddress address = plan.Wanted.Address;
        string real = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        try
        {
            await LockFile
                .AddAsync(
                    ManifestPath!,
                    [
                        new LockedFile
                        {
                            Repo = address.Repo,
                            Path = address.Path,
                            Revision = address.Revision,
                            Commit = plan.Commit!,
                            Bytes = new FileInfo(real).Length,
                            Sha256 = sha256,
                        },
                    ],
                    CacheFolder,
                    cancellation
                )
                .ConfigureAwait(false);
        }
        catch (HubException problem)
        {
            progress.Note(problem.Message);
        }
    }
}
