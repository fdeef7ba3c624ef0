using EchoRate.Hub.Manifests;

namespace EchoRate.Hub.Cache;

/// <summary>Where a manifest's file is on this disk, or why it cannot be used.</summary>
/// <param name="Presence">Whether the file can be used.</param>
/// <param name="Paths">Full paths of all parts, first part first; empty unless the file is here.</param>
/// <param name="Revision">The commit under which the hub's cache holds the file; absent for a local file and when it is not known.</param>
/// <param name="Reason">Why the file cannot be used and how to get it, in one line; absent when it is here.</param>
public sealed record FileLocation(
    FilePresence Presence,
    IReadOnlyList<string> Paths,
    string? Revision,
    string? Reason
);

/// <summary>Whether a file can be used.</summary>
public enum FilePresence
{
    /// <summary>Every part is here, and as large as the manifest says, where it says so.</summary>
    Here,

    /// <summary>A part is missing: the row's status is <c>not_here</c>.</summary>
    NotHere,

    /// <summary>A part is here but cannot be read or has another size than the manifest says.</summary>
    Unusable,
}

/// <summary>Finds a manifest's files on this disk; it never downloads.</summary>
/// <remarks>
/// In the hub's cache the snapshot's own path is the answer, not the blob's: llama.cpp derives the names of further parts from the first part's.
/// </remarks>
public sealed class FileLocator(string manifestFolder, HubEnvironment environment)
{
    /// <summary>Where the entry's file is, or why it is not.</summary>
    /// <exception cref="HubException">The hub's cache is asked for, and there is no home folder that it could be in.</exception>
    public FileLocation Locate(ManifestEntry entry)
    {
        var file = entry.File;
        if (file.IsLocal)
        {
            var local = file.Parts.Select(part =>
                Path.GetFullPath(environment.ExpandHome(part.Path), manifestFolder)
            );
            return Check(file.Parts, [.. local], null, missing => $"no such file: {missing}");
        }
        var folders = new CacheFolders(environment.CacheFolder, file.Repo!);
        var commit = folders.KnownCommit(file.Revision ?? "main");
        // What the lock file knows stands before what the branch means by now.
        if (
            file.LockedCommit is { } locked
            && (
                commit is null
                || CacheFolders.HasBytes(folders.Snapshot(locked, file.Parts[0].Path))
            )
        )
        {
            commit = locked;
        }
        if (commit is null)
        {
            return new FileLocation(FilePresence.NotHere, [], null, HowToGet(entry));
        }
        var paths = file.Parts.Select(part => folders.Snapshot(commit, part.Path));
        return Check(file.Parts, [.. paths], commit, _ => HowToGet(entry));
    }

    private static FileLocation Check(
        IReadOnlyList<ManifestPart> parts,
        string[] paths,
        string? revision,
        Func<string, string> missing
    )
    {
        foreach (var (part, path) in parts.Zip(paths))
        {
            var (presence, reason) = CheckPart(part, path);
            if (presence != FilePresence.Here)
            {
                return new FileLocation(presence, [], null, reason ?? missing(path));
            }
        }
        return new FileLocation(FilePresence.Here, paths, revision, null);
    }

    private static (FilePresence, string? Reason) CheckPart(ManifestPart part, string path)
    {
        if (Directory.Exists(path))
        {
            return (FilePresence.Unusable, $"{path} is a folder");
        }
        try
        {
            // Only opening tells: File.Exists also says yes to a link whose blob is gone.
            using var file = File.OpenRead(path);
            return part.Bytes is { } bytes && bytes != file.Length
                ? (
                    FilePresence.Unusable,
                    $"{path} has {file.Length} bytes, the manifest says {bytes}"
                )
                : (FilePresence.Here, null);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return (FilePresence.NotHere, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return (FilePresence.Unusable, $"{path} cannot be read: {e.Message}");
        }
    }

    // One line: the commands that bring the file to where it is looked for, the address, the licence.
    private static string HowToGet(ManifestEntry entry)
    {
        var file = entry.File;
        var paths = string.Join(' ', file.Parts.Select(part => Argument(part.Path)));
        var pinned = file.Revision is null ? "" : $" --revision {file.Revision}";
        var first = file.Parts.Count > 1 ? $" (the first of {file.Parts.Count} parts)" : "";
        var licence = entry.Model.Licence is { } terms ? $"; licence: {terms.Describe()}" : "";
        var revision = Uri.EscapeDataString(file.Revision ?? "main");
        var path = string.Join('/', file.Parts[0].Path.Split('/').Select(Uri.EscapeDataString));
        return $"not in the Hugging Face cache; get it with: echorate pull {entry.Model.Name}:{file.Label}, or hf download {file.Repo} {paths}{pinned}, "
            + $"or from https://huggingface.co/{file.Repo}/resolve/{revision}/{path}{first}{licence}";
    }

    // The line is there to be pasted into a shell, and a manifest may come from anybody.
    private static string Argument(string path) =>
        path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '/' or '-')
            ? path
            : "'" + path.Replace("'", "'\\''") + "'";
}
