using EchoRate.Hub.Cache;

namespace EchoRate.Hub.Pulling;

/// <summary>Finds out, before the first byte is fetched: is the file here, what must it be, has its branch moved?</summary>
internal sealed class PullPlanner(HubClient client, HubSettings settings, IPullProgress progress)
{
    /// <summary>Asks the disk, and where it cannot answer alone, the hub.</summary>
    public async Task PlanAsync(PullResult plan, CancellationToken cancellation)
    {
        var (wanted, folders) = (plan.Wanted, plan.Folders);
        var known = folders.KnownCommit(plan.Address.Revision);
        // Names that could not be paths are refused before anybody is asked for them.
        folders.Snapshot(new string('0', 40), plan.Address.Path);
        foreach (var commit in new[] { wanted.LockedCommit, known }.OfType<string>())
        {
            var path = folders.Snapshot(commit, plan.Address.Path);
            if (
                CacheFolders.HasBytes(path)
                // Offline the link tells: it names the content.
                && (wanted.Sha256 ?? (settings.Offline ? BlobName(path) : null)) is { } expected
            )
            {
                (plan.Path, plan.Sha256, plan.Commit) = (path, expected, commit);
                return;
            }
        }
        if (settings.Offline)
        {
            throw new HubException($"{plan.Address}: not here, and HF_HUB_OFFLINE is set");
        }
        await DescribeAsync(plan, wanted.LockedCommit, cancellation);
        if (known is not null && known != plan.Commit && wanted.LockedCommit is null)
        {
            progress.Note(
                $"{plan.Address.Repo}: {plan.Address.Revision} moved from {known} to {plan.Commit} since the last download"
            );
        }
        var snapshot = folders.Snapshot(plan.Commit!, plan.Address.Path);
        plan.Path = CacheFolders.HasBytes(snapshot) ? snapshot : null;
        plan.Sha256 = wanted.Sha256 ?? plan.Remote!.Sha256;
    }

    /// <summary>Asks the hub, and holds what it has against what the file must be: gigabytes of other bytes need not come first.</summary>
    public async Task DescribeAsync(PullResult plan, string? commit, CancellationToken cancellation)
    {
        var wanted = plan.Wanted;
        var asked = wanted.Address with { Revision = commit ?? wanted.Address.Revision };
        var remote = await client.HeadAsync(asked, cancellation);
        var wrong =
            wanted.Sha256 is { } sha256 && remote.Sha256 is { } found && found != sha256
                ? $"has sha256 {found}; the manifest or its lock file says {sha256}"
            : wanted.Bytes is { } bytes && bytes != remote.Bytes
                ? $"has {remote.Bytes} bytes; the manifest or its lock file says {bytes}"
            : null;
        if (wrong is not null)
        {
            throw new HubException(
                $"{plan.Address}: the hub's file at {plan.Address.Revision} (commit {remote.Commit}) {wrong}: it was replaced; name the revision that is meant, or take the new hash over"
            );
        }
        // What cannot be a file's name is said now, not after gigabytes.
        plan.Folders.Blob(remote.Etag);
        plan.Folders.Snapshot(remote.Commit, plan.Address.Path);
        (plan.Remote, plan.Commit) = (remote, remote.Commit);
    }

    private static string? BlobName(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: false) is { } blob
        && CacheFolders.IsSha256(blob.Name)
            ? blob.Name
            : null;
}
