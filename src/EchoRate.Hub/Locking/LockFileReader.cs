using EchoRate.Hub.Manifests;
using EchoRate.Hub.Reading;

namespace EchoRate.Hub.Locking;

/// <summary>Reads a lock file with the manifest's own care: people merge it by hand.</summary>
internal static class LockFileReader
{
    private static readonly string[] s_root = ["schema_version", "files"];

    private static readonly string[] s_file =
    [
        "repo",
        "path",
        "revision",
        "commit",
        "bytes",
        "sha256",
    ];

    public static IReadOnlyList<LockedFile> Read(string path, int schemaVersion)
    {
        YamlNode? root = YamlTree.Read(ManifestText.Decode(FileBytes.Read(path), path), path);
        List<ManifestProblem> problems = [];
        List<LockedFile> files = [];
        if (root is null)
        {
            problems.Add(new(1, 1, "the file is empty; remove it, and pull makes it anew"));
        }
        else if (MapReader.Of(root, "the lock file", s_root, problems) is { } reader)
        {
            if (
                reader.Positive("schema_version", required: true) is { } version
                && version != schemaVersion
            )
            {
                reader.Report(
                    "schema_version",
                    $"schema_version {version} is unknown; this program reads {schemaVersion}"
                );
            }
            HashSet<(string, string, string)> seen = [];
            foreach (YamlNode node in reader.List("files", required: true) ?? [])
            {
                if (
                    MapReader.Of(node, "a file", s_file, problems) is not { } entry
                    || Bind(entry) is not { } file
                )
                {
                    continue;
                }
                if (seen.Add((file.Repo, file.Path, file.Revision)))
                {
                    files.Add(file);
                }
                else
                {
                    entry.Report(
                        "path",
                        $"{Wording.Quote(file.Path)} of {file.Repo} at {file.Revision} stands twice; keep one"
                    );
                }
            }
        }
        return problems.Count == 0 ? files : throw new ManifestException(path, problems);
    }

    private static LockedFile? Bind(MapReader file)
    {
        string? repo = file.Text("repo", HubNames.WrongRepo, required: true);
        string? path = file.Text("path", HubNames.WrongHubPath, required: true);
        string? revision = file.Text("revision", HubNames.WrongRevision, required: true);
        string? commit = file.Text("commit", HubNames.WrongCommit, required: true);
        long? bytes = file.Positive("bytes", required: true);
        string? sha256 = file.Text("sha256", HubNames.WrongSha256, required: true);
        return
            repo is null
            || path is null
            || revision is null
            || commit is null
            || bytes is null
            || sha256 is null
            ? null
            : new LockedFile(
                repo,
                path,
                revision,
                commit.ToLowerInvariant(),
                bytes.Value,
                sha256.ToLowerInvariant()
            );
    }
}
