using EchoRate.Core.Files;
using EchoRate.Gguf;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Pulling;

/// <summary>One file that is pulled: first what is to be done is found out, then it is done, and in the end this says how it went.</summary>
public sealed class PullResult
{
    private readonly Puller _puller;
    private readonly CacheFolders _folders;

    // What the hub says of it; null where it was not asked.
    private RemoteFile? _remote;

    // The commit whose snapshot holds the file.
    private string? _commit;

    internal PullResult(WantedFile wanted, Puller puller) =>
        (Wanted, _puller, _folders) = (
            wanted,
            puller,
            new CacheFolders(puller.CacheFolder, wanted.Address.Repo)
        );

    /// <summary>Which file.</summary>
    public WantedFile Wanted { get; }

    /// <summary>What was done.</summary>
    public PullOutcome Outcome { get; private set; }

    /// <summary>Where it is; null where it is not, and after a failure.</summary>
    public string? Path { get; private set; }

    /// <summary>The SHA-256 that its bytes must have, in the end the one that they have; null where nobody said, and after a failure.</summary>
    public string? Sha256 { get; private set; }

    /// <summary>Why it is not here; null where it is.</summary>
    public HubException? Failure { get; private set; }

    /// <summary>Bytes that are still to be fetched, as far as that is known.</summary>
    internal long MissingBytes
    {
        get
        {
            var blob = _remote is null ? null : _folders.Blob(_remote.Etag);
            return Path is not null || blob is null || CacheFolders.HasBytes(blob)
                ? 0
                : Math.Max(0, _remote!.Bytes - FileDownloader.BytesHere(blob));
        }
    }

    private HubAddress Address => Wanted.Address;

    internal void Fail(Exception e) =>
        (Failure, Outcome, Path, Sha256) = (
            e as HubException ?? new HubException($"{Address}: {Wording.Plain(e.Message)}", e),
            PullOutcome.Failed,
            null,
            null
        );

    /// <summary>Finds out, before the first byte is fetched: is the file here, what must it be, has its branch moved? Asks the disk, then the hub.</summary>
    internal async Task PlanAsync(CancellationToken cancellation)
    {
        var known = _folders.KnownCommit(Address.Revision);
        // Names that could not be paths are refused before anybody is asked for them.
        _folders.Snapshot(new string('0', 40), Address.Path);
        foreach (var commit in new[] { Wanted.LockedCommit, known }.OfType<string>())
        {
            var path = _folders.Snapshot(commit, Address.Path);
            if (
                CacheFolders.HasBytes(path)
                // Offline the link tells: it names the content.
                && (Wanted.Sha256 ?? (_puller.Settings.Offline ? BlobName(path) : null))
                    is { } expected
            )
            {
                (Path, Sha256, _commit) = (path, expected, commit);
                return;
            }
        }
        if (_puller.Settings.Offline)
        {
            throw new HubException($"{Address}: not here, and HF_HUB_OFFLINE is set");
        }
        var remote = await DescribeAsync(Wanted.LockedCommit, cancellation);
        if (known is not null && known != _commit && Wanted.LockedCommit is null)
        {
            _puller.Progress.Note(
                $"{Address.Repo}: {Address.Revision} moved from {known} to {_commit} since the last download"
            );
        }
        var snapshot = _folders.Snapshot(remote.Commit, Address.Path);
        Path = CacheFolders.HasBytes(snapshot) ? snapshot : null;
        Sha256 = Wanted.Sha256 ?? remote.Sha256;
    }

    /// <summary>Verifies the file that is here, or fetches it.</summary>
    internal async Task BringAsync(CancellationToken cancellation)
    {
        if (Path is { } present && !await IsRightAsync(present, cancellation))
        {
            Path = null;
            _remote ??= await DescribeAsync(_commit, cancellation);
            _puller.RequireRoom(_remote.Bytes);
        }
        if (Path is null)
        {
            await FetchAsync(_remote!, cancellation);
        }
        if (_remote is not null)
        {
            WriteRef(_remote.Commit);
        }
        if (Outcome != PullOutcome.Here)
        {
            _puller.Verified.Add(Path!, Sha256!);
        }
        await RecordAsync(cancellation);
    }

    // Asks the hub, and holds what it has against what the file must be: gigabytes of other bytes need not come first.
    private async Task<RemoteFile> DescribeAsync(string? commit, CancellationToken cancellation)
    {
        var asked = Address with { Revision = commit ?? Address.Revision };
        var remote = await _puller.Client.HeadAsync(asked, cancellation);
        var wrong =
            Wanted.Sha256 is { } sha256 && remote.Sha256 is { } found && found != sha256
                ? $"has sha256 {found}; the manifest or its lock file says {sha256}"
            : Wanted.Bytes is { } bytes && bytes != remote.Bytes
                ? $"has {remote.Bytes} bytes; the manifest or its lock file says {bytes}"
            : null;
        if (wrong is not null)
        {
            throw new HubException(
                $"{Address}: the hub's file at {Address.Revision} (commit {remote.Commit}) {wrong}: it was replaced; name the revision that is meant, or take the new hash over"
            );
        }
        // What cannot be a file's name is said now, not after gigabytes.
        _folders.Blob(remote.Etag);
        _folders.Snapshot(remote.Commit, Address.Path);
        (_remote, _commit) = (remote, remote.Commit);
        return remote;
    }

    private async Task<bool> IsRightAsync(string path, CancellationToken cancellation)
    {
        if (Sha256 is not null && _puller.Verified.Sha256Of(path) == Sha256)
        {
            Outcome = PullOutcome.Here;
            return true;
        }
        var found = await HashAsync(path, cancellation);
        if (found == (Sha256 ?? found))
        {
            (Outcome, Sha256) = (PullOutcome.Verified, found);
            return true;
        }
        var damaged = $"{path} has sha256 {found}, not {Sha256}: damaged, or another file";
        if (_puller.Settings.Offline)
        {
            throw new HubException(damaged + "; HF_HUB_OFFLINE is set, so it is not fetched again");
        }
        _puller.Progress.Note(damaged + "; it is fetched again");
        return false;
    }

    // The bytes under the blob's lock, and their name in the snapshot.
    private async Task FetchAsync(RemoteFile remote, CancellationToken cancellation)
    {
        var blob = _folders.Blob(remote.Etag);
        var snapshot = _folders.Snapshot(remote.Commit, Address.Path);
        var lockFile = _folders.Lock(remote.Etag);
        foreach (var file in new[] { blob, snapshot, lockFile })
        {
            _folders.Prepare(file);
        }
        using var held = await FileLock.TakeAsync(
            lockFile,
            () => _puller.Progress.Note($"{Address}: another download of it is under way; waiting"),
            cancellation
        );
        var found = CacheFolders.HasBytes(blob) ? await HashAsync(blob, cancellation) : null;
        // Without any word on the hash, a blob of this etag and size is what the hub's own programs would take.
        var isThere =
            found is not null
            && (Sha256 is null ? new FileInfo(blob).Length == remote.Bytes : found == Sha256);
        if (!isThere)
        {
            _puller.Progress.Begin(Wanted, remote.Bytes, fetching: true);
            found = await new FileDownloader(_puller.Client, _puller.Timing, remote).DownloadAsync(
                Sha256,
                blob,
                Arrived,
                cancellation
            );
        }
        CacheFolders.Link(blob, snapshot, isNew: !isThere);
        (Outcome, Path, Sha256) = (PullOutcome.Fetched, snapshot, found);
    }

    private Task<string> HashAsync(string path, CancellationToken cancellation)
    {
        _puller.Progress.Begin(Wanted, CacheFolders.RealFile(path).Length, fetching: false);
        return Task.Run(() => FileHash.Sha256(path, cancellation, Arrived), cancellation);
    }

    private void Arrived(long bytes) => _puller.Progress.Arrived(Wanted, bytes);

    // Who looks by the branch is to find the file. After the file: a branch never points to a snapshot that does not hold it. What is locked to an
    // older commit does not move it back.
    private void WriteRef(string commit)
    {
        if (Wanted.LockedCommit is not null && _folders.KnownCommit(Address.Revision) is not null)
        {
            return;
        }
        try
        {
            _folders.WriteRef(Address.Revision, commit);
        }
        catch (Exception e) when (e is HubException or IOException or UnauthorizedAccessException)
        {
            _puller.Progress.Note(
                $"{Address}: the cache does not keep what {Address.Revision} means now: {Wording.Plain(e.Message)}"
            );
        }
    }

    // A file that is here and right is no failure, even where a folder that cannot be written keeps its hash from being remembered.
    private async Task RecordAsync(CancellationToken cancellation)
    {
        if (_puller.ManifestPath is not { } manifest || Wanted.Sha256 is not null)
        {
            return;
        }
        var bytes = CacheFolders.RealFile(Path!).Length;
        var learned = new LockedFile(Address, _commit!, bytes, Sha256!);
        try
        {
            await LockFile.AddAsync(manifest, learned, _puller.CacheFolder, cancellation);
        }
        catch (Exception e)
            when (e is IOException or UnauthorizedAccessException or ManifestException)
        {
            _puller.Progress.Note(
                $"the lock file of {manifest} cannot be written, so the hash is not kept: {Wording.Plain(e.Message)}"
            );
        }
    }

    private static string? BlobName(string path) =>
        File.ResolveLinkTarget(path, returnFinalTarget: false) is { } blob
        && CacheFolders.IsSha256(blob.Name)
            ? blob.Name
            : null;
}
