using EchoRate.Core.Files;
using EchoRate.Gguf;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Downloading;

namespace EchoRate.Hub.Pulling;

/// <summary>Puts one file into the cache: its bytes under the blob's lock, its name in the snapshot, the branch's commit.</summary>
internal sealed class CacheWriter(HubClient client, HubTiming timing)
{
    /// <summary>Fetches the bytes unless another name's blob holds them, and gives them their name.</summary>
    /// <returns>The snapshot's path and the content's SHA-256.</returns>
    /// <exception cref="HubException">The file could not be brought; nothing bears its name.</exception>
    public async Task<(string Path, string Sha256)> WriteAsync(
        PullPlan plan,
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        RemoteFile remote = plan.Remote!;
        CacheFolders folders = plan.Folders;
        string blob = folders.Blob(remote.Etag);
        string snapshot = folders.Snapshot(remote.Commit, plan.Wanted.Address.Path);
        string lockFile = folders.Lock(remote.Etag);
        foreach (string file in new[] { blob, snapshot, lockFile })
        {
            folders.Prepare(file);
        }
        using IDisposable held = await FileLock
            .TakeAsync(
                lockFile,
                () =>
                    progress.Note(
                        $"{plan.Wanted.Address}: another download of it is under way; waiting"
                    ),
                cancellation
            )
            .ConfigureAwait(false);
        (string sha256, bool isNew) = await BytesAsync(plan, blob, progress, cancellation)
            .ConfigureAwait(false);
        SnapshotLink.Make(blob, snapshot, isNew);
        WriteRef(plan, remote);
        return (snapshot, sha256);
    }

    private async Task<(string Sha256, bool IsNew)> BytesAsync(
        PullPlan plan,
        string blob,
        IPullProgress progress,
        CancellationToken cancellation
    )
    {
        RemoteFile remote = plan.Remote!;
        if (CacheFolders.HasBytes(blob))
        {
            progress.Begin(plan.Wanted, remote.Bytes, fetching: false);
            string found = await Task.Run(
                    () =>
                        FileHash.Sha256(
                            blob,
                            bytes => progress.Arrived(plan.Wanted, bytes),
                            cancellation
                        ),
                    cancellation
                )
                .ConfigureAwait(false);
            // Without any word on the hash, a blob of this etag and size is what the hub's own programs would take.
            if (
                plan.Sha256 is null
                    ? new FileInfo(blob).Length == remote.Bytes
                    : found == plan.Sha256
            )
            {
                return (found, false);
            }
        }
        progress.Begin(plan.Wanted, remote.Bytes, fetching: true);
        string sha256 = await new FileDownloader(client, timing)
            .DownloadAsync(
                remote,
                plan.Sha256,
                plan.Folders.Incomplete(remote.Etag),
                blob,
                bytes => progress.Arrived(plan.Wanted, bytes),
                cancellation
            )
            .ConfigureAwait(false);
        return (sha256, true);
    }

    // After the file: a branch never points to a snapshot that does not hold it. What is locked to an older commit does not move it back.
    internal static void WriteRef(PullPlan plan, RemoteFile remote)
    {
        string revision = plan.Wanted.Address.Revision;
        if (
            plan.Folders.Ref(revision) is not { } path
            || plan.Folders.KnownCommit(revision) == remote.Commit
            || (
                plan.Wanted.LockedCommit is not null
                && plan.Folders.KnownCommit(revision) is not null
            )
        )
        {
            return;
        }
        plan.Folders.Prepare(path);
        AtomicFile.Write(path, remote.Commit);
    }
}
