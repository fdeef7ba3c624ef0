namespace EchoRate.Hub.Cache;

/// <summary>Looks through the hub's cache for GGUF files, whoever put them there.</summary>
public static class CacheScan
{
    private const string RepositoryPrefix = "models--";

    // Repositories keep a folder per quantization at most; a cache is no place to get lost in.
    private const int Deepest = 8;

    /// <summary>Every GGUF file with bytes behind it, by repository and path; folders that cannot be read are passed over.</summary>
    public static IReadOnlyList<CachedFile> Files(string cacheFolder)
    {
        List<CachedFile> found = [];
        foreach (DirectoryInfo repo in Folders(new DirectoryInfo(cacheFolder)))
        {
            if (
                !repo.Name.StartsWith(RepositoryPrefix, StringComparison.Ordinal)
                || repo.Name[RepositoryPrefix.Length..].Split("--") is not [var owner, var name]
            )
            {
                continue;
            }
            foreach (
                DirectoryInfo snapshot in Folders(
                    new DirectoryInfo(Path.Combine(repo.FullName, "snapshots"))
                )
            )
            {
                if (CacheFolders.IsCommit(snapshot.Name))
                {
                    Walk(snapshot, "", $"{owner}/{name}", snapshot.Name, 0, found);
                }
            }
        }
        return
        [
            .. found
                .OrderBy(file => file.Repo, StringComparer.Ordinal)
                .ThenBy(file => file.Path, StringComparer.Ordinal)
                .ThenBy(file => file.Commit, StringComparer.Ordinal),
        ];
    }

    private static void Walk(
        DirectoryInfo folder,
        string prefix,
        string repo,
        string commit,
        int depth,
        List<CachedFile> found
    )
    {
        foreach (FileInfo file in Entries(() => folder.GetFiles()))
        {
            if (
                file.Name.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase)
                && CacheFolders.HasBytes(file.FullName)
            )
            {
                FileSystemInfo real = file.ResolveLinkTarget(returnFinalTarget: true) ?? file;
                found.Add(
                    new CachedFile(
                        repo,
                        commit,
                        prefix + file.Name,
                        file.FullName,
                        new FileInfo(real.FullName).Length
                    )
                );
            }
        }
        if (depth < Deepest)
        {
            foreach (DirectoryInfo inner in Folders(folder))
            {
                Walk(inner, $"{prefix}{inner.Name}/", repo, commit, depth + 1, found);
            }
        }
    }

    // Not through links: they could lead in a circle.
    private static IEnumerable<DirectoryInfo> Folders(DirectoryInfo folder) =>
        Entries(() => folder.GetDirectories()).Where(inner => inner.LinkTarget is null);

    private static T[] Entries<T>(Func<T[]> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
