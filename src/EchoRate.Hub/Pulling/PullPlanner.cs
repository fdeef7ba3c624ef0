using System.Globalization;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Downloading;

namespace EchoRate.Hub.Pulling;

/// <summary>Looks at the disk, then at the hub: is the file here, what must it be, has its branch moved?</summary>
internal sealed class PullPlanner(
    HubClient client,
    HubSettings settings,
    HubTiming timing,
    string cacheFolder,
    VerifiedFiles verified,
    IPullProgress progress
)
{
    public async Task<PullPlan> PlanAsync(WantedFile wanted, CancellationToken cancellation)
    {
        PullPlan plan = new()
        {
            Wanted = wanted,
            Folders = new CacheFolders(cacheFolder, wanted.Address.Repo),
        };
        try
        {
            plan.Folders.Require(wanted.Address.Revision, wanted.Address.Path);
            PullPlan? local = Local(plan);
            return local
                ?? (
                    settings.Offline
                        ? throw new HubException(
                            HubFailure.Offline,
                            $"{wanted.Address}: not here, and HF_HUB_OFFLINE is set"
                        )
                        : await AskAsync(plan, cancellation).ConfigureAwait(false)
                );
        }
        catch (HubException failure)
        {
            return plan with { Failure = failure };
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return plan with
            {
                Failure = new HubException(
                    HubFailure.Cache,
                    $"{wanted.Address}: the cache {cacheFolder} cannot be read: {problem.Message.ReplaceLineEndings(" ")}",
                    problem
                ),
            };
        }
    }

    // What the disk can answer alone: the file is here, and it is known what it must be.
    private PullPlan? Local(PullPlan plan)
    {
        WantedFile wanted = plan.Wanted;
        string?[] commits =
        [
            wanted.LockedCommit,
            plan.Folders.KnownCommit(wanted.Address.Revision),
        ];
        foreach (string commit in commits.OfType<string>())
        {
            string path = plan.Folders.Snapshot(commit, wanted.Address.Path);
            if (!CacheFolders.HasBytes(path))
            {
                continue;
            }
            // Offline the link tells: it names the content.
            string? expected = wanted.Sha256 ?? (settings.Offline ? BlobName(path) : null);
            if (expected is null)
            {
                continue;
            }
            return plan with
            {
                Present = path,
                Sha256 = expected,
                Commit = commit,
                IsKnownGood = verified.Sha256Of(path) == expected,
            };
        }
        return null;
    }

    private async Task<PullPlan> AskAsync(PullPlan plan, CancellationToken cancellation)
    {
        WantedFile wanted = plan.Wanted;
        HubAddress asked = wanted.LockedCommit is { } locked
            ? wanted.Address with
            {
                Revision = locked,
            }
            : wanted.Address;
        RemoteFile remote = await HeadAsync(asked, cancellation).ConfigureAwait(false);
        SayWhatMoved(plan, remote);
        Compare(wanted, remote);
        // What cannot be a file's name is said now, not after gigabytes.
        _ = plan.Folders.Blob(remote.Etag);
        string path = plan.Folders.Snapshot(remote.Commit, wanted.Address.Path);
        return plan with
        {
            Remote = remote,
            Sha256 = wanted.Sha256 ?? remote.Sha256,
            Commit = remote.Commit,
            Present = CacheFolders.HasBytes(path) ? path : null,
            IsKnownGood =
                remote.Sha256 is { } sha256
                && CacheFolders.HasBytes(path)
                && verified.Sha256Of(path) == sha256,
        };
    }

    /// <summary>What the hub has at a commit, held against what the file must be: gigabytes of other bytes need not come first.</summary>
    public async Task<RemoteFile> DescribeAsync(
        WantedFile wanted,
        string commit,
        CancellationToken cancellation
    )
    {
        RemoteFile remote = await HeadAsync(wanted.Address with { Revision = commit }, cancellation)
            .ConfigureAwait(false);
        Compare(wanted, remote);
        return remote;
    }

    private Task<RemoteFile> HeadAsync(HubAddress file, CancellationToken cancellation) =>
        new Backoff(timing).RunAsync(() => client.HeadAsync(file, cancellation), cancellation);

    private void SayWhatMoved(PullPlan plan, RemoteFile remote)
    {
        HubAddress address = plan.Wanted.Address;
        if (
            plan.Folders.KnownCommit(address.Revision) is { } before
            && before != remote.Commit
            && plan.Wanted.LockedCommit is null
        )
        {
            progress.Note(
                $"{address.Repo}: {address.Revision} moved from {before} to {remote.Commit} since the last download"
            );
        }
    }

    private static void Compare(WantedFile wanted, RemoteFile remote)
    {
        string whose = wanted.IsInManifest ? "the manifest" : "the lock file";
        string? wrong =
            wanted.Sha256 is { } sha256 && remote.Sha256 is { } found && found != sha256
                ? $"has sha256 {found}; {whose} says {sha256}"
            : wanted.Bytes is { } bytes && bytes != remote.Bytes
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"has {remote.Bytes} bytes; the manifest or its lock file says {bytes}"
                )
            : null;
        if (wrong is not null)
        {
            throw new HubException(
                HubFailure.Mismatch,
                $"{wanted.Address}: the hub's file at {wanted.Address.Revision} (commit {remote.Commit}) {wrong}: it was replaced; name the revision that is meant, or take the new hash over"
            );
        }
    }

    private static string? BlobName(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: false) is { } blob
        && CacheFolders.IsSha256(blob.Name)
            ? blob.Name
            : null;
}
