namespace EchoRate.Hub.Cache;

/// <summary>A GGUF file that the hub's cache holds.</summary>
/// <param name="Repo">organisation/name.</param>
/// <param name="Commit">The commit of its snapshot.</param>
/// <param name="Path">Its path in the repository, with '/'.</param>
/// <param name="FullPath">Where it is.</param>
/// <param name="Bytes">Its size.</param>
public sealed record CachedFile(
    string Repo,
    string Commit,
    string Path,
    string FullPath,
    long Bytes
)
{
    private const string RepositoryPrefix = "models--";
    private const int MostFolders = 8;

    /// <summary>Every GGUF file of a cache with bytes behind it, by repository and path; folders that cannot be read are passed over.</summary>
    public static IReadOnlyList<CachedFile> AllIn(string cacheFolder) =>
        [
            .. Folders(cacheFolder)
                .Where(folder => folder.Name.StartsWith(RepositoryPrefix, StringComparison.Ordinal))
                .SelectMany(folder =>
                    folder.Name[RepositoryPrefix.Length..].Split("--") is [var owner, var name]
                        ? Folders(System.IO.Path.Combine(folder.FullName, "snapshots"))
                            .Where(snapshot => CacheFolders.IsCommit(snapshot.Name))
                            .SelectMany(snapshot => In(snapshot, $"{owner}/{name}"))
                        : []
                )
                .OrderBy(file => file.Repo, StringComparer.Ordinal)
                .ThenBy(file => file.Path, StringComparer.Ordinal)
                .ThenBy(file => file.Commit, StringComparer.Ordinal),
        ];

    private static IEnumerable<CachedFile> In(DirectoryInfo snapshot, string repo) =>
        Directory
            // A link to a folder could lead in a circle.
            .EnumerateFiles(
                snapshot.FullName,
                "*.gguf",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    MaxRecursionDepth = MostFolders,
                    AttributesToSkip = 0,
                    MatchCasing = MatchCasing.CaseInsensitive,
                }
            )
            .Where(CacheFolders.HasBytes)
            .Select(file => new CachedFile(
                repo,
                snapshot.Name,
                System
                    .IO.Path.GetRelativePath(snapshot.FullName, file)
                    .Replace(System.IO.Path.DirectorySeparatorChar, '/'),
                file,
                CacheFolders.RealFile(file).Length
            ));

    private static IEnumerable<DirectoryInfo> Folders(string folder) =>
        Directory.Exists(folder)
            ? new DirectoryInfo(folder)
                .EnumerateDirectories("*", new EnumerationOptions { AttributesToSkip = 0 })
                .Where(inner => inner.LinkTarget is null)
            : [];
}
