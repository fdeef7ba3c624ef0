using System.Globalization;
using System.Text.RegularExpressions;
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
public sealed partial class FileLocator(string manifestFolder, HubEnvironment environment)
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
        string repoFolder = Path.Combine(
            environment.CacheFolder,
            "models--" + file.Repo!.Replace("/", "--", StringComparison.Ordinal)
        );
        if (FindCommit(repoFolder, file.Revision ?? "main") is not { } commit)
        {
            return new FileLocation
            {
                Presence = FilePresence.NotHere,
                Reason = HowToGet.Describe(entry),
            };
        }
        string snapshot = Path.Combine(repoFolder, "snapshots", commit);
        string[] paths =
        [
            .. file.Parts.Select(part => Path.Combine([snapshot, .. part.Path.Split('/')])),
        ];
        return Check(file.Parts, paths, commit, _ => HowToGet.Describe(entry));
    }

    // A commit names its snapshot; a branch or tag is a small file under refs that holds one.
    private static string? FindCommit(string repoFolder, string revision)
    {
        if (Commit().IsMatch(revision))
        {
            return revision;
        }
        try
        {
            using StreamReader reader = new(
                Path.Combine([repoFolder, "refs", .. revision.Split('/')])
            );
            char[] text = new char[64];
            string commit = new string(text, 0, reader.ReadBlock(text)).Trim();
            // Whoever wrote it: only a commit may become part of a path.
            return Commit().IsMatch(commit) ? commit : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return null;
        }
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

    [GeneratedRegex(@"\A[0-9a-f]{40}\z")]
    private static partial Regex Commit();
}
