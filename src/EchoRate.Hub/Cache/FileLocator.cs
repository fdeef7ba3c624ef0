using System.Globalization;
using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>
/// Finds a manifest's files on this disk; it never downloads.
/// </summary>
/// <remarks>
/// The hub's cache, as its own programs lay it out:
/// <c>models--org--name/blobs/(sha256)</c> holds the bytes, <c>snapshots/(commit)/(path)</c> links to them (a copy where
/// the system has no links), <c>refs/(branch or tag)</c> holds a commit. The link's own path is what is returned:
/// llama.cpp derives the names of further parts from the first part's name, and a blob's name says nothing.
/// </remarks>
public sealed class FileLocator(string manifestFolder, HubEnvironment environment)
{
    /// <summary>Where the entry's file is, or why it is not.</summary>
    public FileLocation Locate(ManifestEntry entry) =>
        entry.File.IsLocal ? LocateLocal(entry) : LocateInCache(entry);

    private FileLocation LocateLocal(ManifestEntry entry)
    {
        string[] paths =
        [
            .. entry.File.Parts.Select(part =>
                Path.GetFullPath(environment.ExpandHome(part.Path), manifestFolder)
            ),
        ];
        return Check(
            entry.File.Parts,
            paths,
            revision: null,
            missing => $"no such file: {missing}"
        );
    }

    private FileLocation LocateInCache(ManifestEntry entry)
    {
        ManifestFile file = entry.File;
        CacheFolders folders = new(environment.CacheFolder, file.Repo!);
        string? commit = folders.KnownCommit(file.Revision ?? "main");
        // What the lock file knows stands before what the branch means by now.
        if (file.LockedCommit is { } locked && (commit is null || HasFirstPart(folders, locked)))
        {
            commit = locked;
        }
        if (commit is null)
        {
            return new FileLocation
            {
                Presence = FilePresence.NotHere,
                Reason = HowToGet.Describe(entry),
            };
        }
        string[] paths = [.. file.Parts.Select(part => folders.Snapshot(commit, part.Path))];
        return Check(file.Parts, paths, commit, _ => HowToGet.Describe(entry));

        bool HasFirstPart(CacheFolders folders, string commit) =>
            CacheFolders.HasBytes(folders.Snapshot(commit, file.Parts[0].Path));
    }

    private static FileLocation Check(
        IReadOnlyList<ManifestPart> parts,
        string[] paths,
        string? revision,
        Func<string, string> missing
    )
    {
        for (int i = 0; i < paths.Length; i++)
        {
            (FilePresence presence, string? reason) = CheckPart(parts[i], paths[i], missing);
            if (presence != FilePresence.Here)
            {
                return new FileLocation { Presence = presence, Reason = reason };
            }
        }
        return new FileLocation
        {
            Presence = FilePresence.Here,
            Paths = paths,
            Revision = revision,
        };
    }

    private static (FilePresence, string?) CheckPart(
        ManifestPart part,
        string path,
        Func<string, string> missing
    )
    {
        if (Directory.Exists(path))
        {
            return (FilePresence.Unusable, $"{path} is a folder");
        }
        try
        {
            // Opening is the only honest question: File.Exists also says yes to a link whose blob is gone.
            using FileStream file = File.OpenRead(path);
            return part.Bytes is { } bytes && bytes != file.Length
                ? (FilePresence.Unusable, WrongSize(path, file.Length, bytes))
                : (FilePresence.Here, null);
        }
        catch (Exception problem)
            when (problem is FileNotFoundException or DirectoryNotFoundException)
        {
            return (FilePresence.NotHere, missing(path));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return (FilePresence.Unusable, $"{path} cannot be read: {problem.Message}");
        }
    }

    private static string WrongSize(string path, long have, long want) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{path} has {have} bytes, the manifest says {want}"
        );
}
