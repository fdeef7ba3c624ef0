using EchoRate.Core.Files;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>
/// Where one repository's files stand in the hub's cache, by the rules of huggingface_hub. Every path is checked before it is written to: no name
/// from the network or a manifest leaves the cache, and nothing is written through a link.
/// </summary>
/// <remarks>
/// <c>models--org--name/blobs/(etag)</c> the bytes, <c>….incomplete</c> while they arrive · <c>snapshots/(commit)/(path)</c> a relative link to the blob,
/// or the file itself where the system has no links · <c>refs/(branch or tag)</c> a commit · <c>.locks/models--org--name/(etag).lock</c>.
/// </remarks>
public sealed class CacheFolders
{
    private readonly string _root;
    private readonly string _name;

    /// <summary>The folders of a repository, <c>organisation/name</c>, below the cache's root.</summary>
    /// <exception cref="HubException">The repository's name could not be a folder's.</exception>
    public CacheFolders(string cacheFolder, string repo)
    {
        Require("the repository", HubNames.WrongRepo(repo));
        _root = Path.GetFullPath(cacheFolder);
        _name = "models--" + repo.Replace("/", "--");
    }

    private string Repository => Path.Combine(_root, _name);

    /// <summary>The file that holds the bytes.</summary>
    /// <exception cref="HubException">The etag could not be a file's name.</exception>
    public string Blob(string etag) => Path.Combine(Repository, "blobs", Etag(etag));

    /// <summary>What is held open by the one process that writes a blob; huggingface_hub holds the same file.</summary>
    public string Lock(string etag) => Path.Combine(_root, ".locks", _name, Etag(etag) + ".lock");

    /// <summary>The file under its own name.</summary>
    /// <exception cref="HubException">The commit or the path could not be part of a path.</exception>
    public string Snapshot(string commit, string path)
    {
        Require(
            "the hub's commit",
            IsCommit(commit) ? null : $"is {Wording.Quote(commit)}; it must be 40 hex digits"
        );
        Require("the path", path.Length == 0 ? "is empty" : HubNames.WrongHubPath(path));
        return Path.Combine([Repository, "snapshots", commit, .. path.Split('/')]);
    }

    /// <summary>The file that holds the commit of a branch or tag; null for a commit, which needs none.</summary>
    /// <exception cref="HubException">The revision could not be a path.</exception>
    public string? Ref(string revision)
    {
        Require("the revision", HubNames.WrongRevision(revision));
        return IsCommit(revision)
            ? null
            : Path.Combine([Repository, "refs", .. revision.Split('/')]);
    }

    /// <summary>The commit that the cache knows a branch or tag by, or the commit itself; null when there is none.</summary>
    public string? KnownCommit(string revision)
    {
        if (Ref(revision) is not { } file)
        {
            return revision;
        }
        try
        {
            using var reader = new StreamReader(file);
            var text = new char[64];
            var commit = new string(text, 0, reader.ReadBlock(text)).Trim();
            // Anybody may have written it: only a commit may become part of a path.
            return IsCommit(commit) ? commit : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes the folder of a file that is to be written, and sees to it that no link on the way leaves the cache.</summary>
    /// <exception cref="HubException">A folder cannot be made, or is a link.</exception>
    public void Prepare(string file)
    {
        try
        {
            // The root itself may be a link: that is the user's own choice of a disk.
            var folder = Directory.CreateDirectory(_root).FullName;
            var steps = Path.GetRelativePath(_root, Path.GetDirectoryName(file)!);
            foreach (var step in steps.Split(Path.DirectorySeparatorChar))
            {
                folder = Path.Combine(folder, step);
                if (new DirectoryInfo(folder).LinkTarget is not null)
                {
                    throw new HubException(
                        $"{folder} is a link: what is written through it leaves the cache's folder {_root}; remove the link, or move the cache with HF_HUB_CACHE"
                    );
                }
                Directory.CreateDirectory(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                $"the cache {_root} cannot be written: {Wording.Plain(e.Message).TrimEnd('.')}; move it with HF_HUB_CACHE",
                e
            );
        }
    }

    /// <summary>Gives a blob its own name: a relative link as huggingface_hub makes it, the file itself where the system has no links.</summary>
    /// <param name="blob">The bytes.</param>
    /// <param name="snapshot">The name; what stands there, good or bad, is replaced, never written through.</param>
    /// <param name="isNew">Whether the blob was made just now: then it may be moved; another may belong to further names and is copied.</param>
    public static void Link(string blob, string snapshot, bool isNew)
    {
        var temporary = snapshot + ".tmp" + Path.GetRandomFileName();
        try
        {
            try
            {
                var target = Path.GetRelativePath(Path.GetDirectoryName(snapshot)!, blob);
                File.CreateSymbolicLink(temporary, target);
            }
            // Windows without developer mode, FAT, some network shares.
            catch (Exception e)
                when (e is IOException or UnauthorizedAccessException or NotSupportedException)
            {
                if (isNew)
                {
                    File.Move(blob, snapshot, overwrite: true);
                    return;
                }
                File.Copy(blob, temporary, overwrite: true);
            }
            File.Move(temporary, snapshot, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Writes down which commit a branch or tag means; of a commit there is nothing to write.</summary>
    /// <exception cref="HubException">The cache cannot be written.</exception>
    public void WriteRef(string revision, string commit)
    {
        if (Ref(revision) is { } path && KnownCommit(revision) != commit)
        {
            Prepare(path);
            AtomicFile.Write(path, commit);
        }
    }

    /// <summary>Whether there are bytes behind a name; a link whose blob is gone has none.</summary>
    public static bool HasBytes(string path) =>
        File.Exists(path)
        && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

    /// <summary>The file behind a name, with every link followed.</summary>
    public static FileInfo RealFile(string path) =>
        new(File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path);

    /// <summary>Whether a text is a commit as the hub writes it.</summary>
    public static bool IsCommit(string text) => IsHex(text, 40, 40);

    /// <summary>Whether a text is a SHA-256 as the hub writes it.</summary>
    public static bool IsSha256(string text) => IsHex(text, 64, 64);

    private static string Etag(string etag)
    {
        Require(
            "the hub's name for the file's content",
            IsHex(etag, 32, 64) ? null : $"is {Wording.Quote(etag)}; a hash is needed"
        );
        return etag;
    }

    private static void Require(string what, string? wrong)
    {
        if (wrong is not null)
        {
            throw new HubException($"{what} {wrong}");
        }
    }

    // A SHA-256, a git hash, an MD5. Nothing of the sort is a reserved name on any system.
    private static bool IsHex(string text, int least, int most) =>
        text.Length >= least && text.Length <= most && text.All(char.IsAsciiHexDigitLower);
}
