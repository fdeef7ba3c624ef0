using System.Text.RegularExpressions;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>
/// Where one repository's files stand in the hub's cache, by the rules of huggingface_hub. Every path is checked before it is written to:
/// no name from the network or a manifest leaves the cache, and no link in the cache that points out of it is followed.
/// </summary>
/// <remarks>
/// <c>models--org--name/blobs/(etag)</c> the bytes, <c>….incomplete</c> while they arrive · <c>snapshots/(commit)/(path)</c> a relative link to the blob,
/// or the file itself where the system has no links · <c>refs/(branch or tag)</c> a commit · <c>.locks/models--org--name/(etag).lock</c>.
/// </remarks>
public sealed partial class CacheFolders
{
    // What Linux allows.
    private const int MostLinks = 40;

    private readonly string _name;

    /// <summary>The folders of a repository.</summary>
    /// <param name="cacheFolder">The cache's root.</param>
    /// <param name="repo">organisation/name.</param>
    /// <exception cref="HubException">The repository's name could not be a folder's.</exception>
    public CacheFolders(string cacheFolder, string repo)
    {
        if (HubNames.WrongRepo(repo) is { } wrong)
        {
            throw new HubException(HubFailure.Answer, $"the repository {wrong}");
        }
        Root = Path.GetFullPath(cacheFolder);
        _name = "models--" + repo.Replace("/", "--", StringComparison.Ordinal);
    }

    /// <summary>The cache's root.</summary>
    public string Root { get; }

    /// <summary>The repository's folder.</summary>
    public string Repository => Path.Combine(Root, _name);

    /// <summary>The file that holds the bytes.</summary>
    /// <exception cref="HubException">The etag could not be a file's name.</exception>
    public string Blob(string etag) => Path.Combine(Repository, "blobs", Etag(etag));

    /// <summary>The bytes that arrived so far.</summary>
    public string Incomplete(string etag) => Blob(etag) + ".incomplete";

    /// <summary>What is held open by the one process that writes a blob; huggingface_hub holds the same file.</summary>
    public string Lock(string etag) => Path.Combine(Root, ".locks", _name, Etag(etag) + ".lock");

    /// <summary>The file under its own name.</summary>
    /// <exception cref="HubException">The commit or the path could not be part of a path.</exception>
    public string Snapshot(string commit, string path)
    {
        if (!IsCommit(commit))
        {
            throw new HubException(
                HubFailure.Answer,
                $"the hub names the commit {Wording.Quote(commit)}; it must be 40 hex digits"
            );
        }
        RequirePath(path);
        return Path.Combine([Repository, "snapshots", commit, .. path.Split('/')]);
    }

    /// <summary>Refuses names that could not be paths, before anybody is asked for them.</summary>
    /// <exception cref="HubException">The revision or the path could not be part of a path.</exception>
    public void Require(string revision, string path)
    {
        _ = Ref(revision);
        RequirePath(path);
    }

    /// <summary>The file that holds the commit of a branch or tag; null for a commit, which needs none.</summary>
    /// <exception cref="HubException">The revision could not be a path.</exception>
    public string? Ref(string revision)
    {
        if (IsCommit(revision))
        {
            return null;
        }
        return HubNames.WrongRevision(revision) is { } wrong
            ? throw new HubException(HubFailure.Answer, $"the revision {wrong}")
            : Path.Combine([Repository, "refs", .. revision.Split('/')]);
    }

    /// <summary>The commit that the cache knows a branch or tag by, or the commit itself; null when there is none.</summary>
    public string? KnownCommit(string revision)
    {
        if (IsCommit(revision))
        {
            return revision;
        }
        try
        {
            using StreamReader reader = new(Ref(revision)!);
            char[] text = new char[64];
            string commit = new string(text, 0, reader.ReadBlock(text)).Trim();
            // Whoever wrote it: only a commit may become part of a path.
            return IsCommit(commit) ? commit : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Makes the folder of a file that is to be written, and sees to it that no link on the way leaves the cache.</summary>
    /// <exception cref="HubException">A folder cannot be made, or leaves the cache.</exception>
    public void Prepare(string file)
    {
        try
        {
            Directory.CreateDirectory(Root);
            // The root itself may be a link: that is the user's own choice of a disk.
            string root = Resolved(Root);
            string folder = Root;
            foreach (
                string name in Path.GetRelativePath(Root, Path.GetDirectoryName(file)!)
                    .Split(Path.DirectorySeparatorChar)
            )
            {
                folder = Path.Combine(folder, name);
                Directory.CreateDirectory(folder);
                if (!IsWithin(Resolved(folder), root))
                {
                    throw new HubException(
                        HubFailure.Cache,
                        $"{folder} is a link that leaves the cache {Root}; nothing is written through it: remove the link, or move the cache with HF_HUB_CACHE"
                    );
                }
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                HubFailure.Cache,
                $"the cache {Root} cannot be written: {Wording.Plain(problem.Message)}",
                problem
            );
        }
    }

    /// <summary>Whether there are bytes behind a name; a link whose blob is gone has none.</summary>
    public static bool HasBytes(string path) =>
        File.Exists(path)
        && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };

    /// <summary>Whether a text is a commit as the hub writes it.</summary>
    public static bool IsCommit(string text) => Commit().IsMatch(text);

    /// <summary>Whether a text is a SHA-256 as the hub writes it.</summary>
    public static bool IsSha256(string text) => Sha256().IsMatch(text);

    // The path with every link on the way followed, as the system follows them: a link may lead through another, or climb out of its target.
    private static string Resolved(string path)
    {
        string real = Path.GetPathRoot(path)!;
        Stack<string> steps = new(Steps(path));
        for (int links = 0; steps.TryPop(out string? step); )
        {
            if (step == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }
            string next = Path.Combine(real, step);
            if (new DirectoryInfo(next).LinkTarget is not { } target)
            {
                real = next;
                continue;
            }
            if (++links > MostLinks)
            {
                throw new IOException($"{path} leads through more than {MostLinks} links");
            }
            real = Path.IsPathRooted(target) ? Path.GetPathRoot(target)! : real;
            foreach (string further in Steps(target))
            {
                steps.Push(further);
            }
        }
        return real;
    }

    // Last step first.
    private static IEnumerable<string> Steps(string path) =>
        path[Path.GetPathRoot(path)!.Length..]
            .Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar])
            .Where(step => step is not ("" or "."))
            .Reverse();

    private static bool IsWithin(string path, string root) =>
        path == root
        || path.StartsWith(
            Path.TrimEndingDirectorySeparator(root) + Path.DirectorySeparatorChar,
            StringComparison.Ordinal
        );

    private static void RequirePath(string path)
    {
        if (path.Length == 0 || HubNames.WrongHubPath(path) is not null)
        {
            throw new HubException(
                HubFailure.Answer,
                $"the path {(path.Length == 0 ? "is empty" : HubNames.WrongHubPath(path))}"
            );
        }
    }

    private static string Etag(string etag) =>
        EtagName().IsMatch(etag)
            ? etag
            : throw new HubException(
                HubFailure.Answer,
                $"the hub names the file's content {Wording.Quote(etag)}; a hash is needed"
            );

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    // Hex digits only: a SHA-256, a git hash, an MD5. Nothing of the sort is a reserved name on any system.
    [GeneratedRegex(@"\A[0-9a-f]{32,64}\z")]
    private static partial Regex EtagName();
}
