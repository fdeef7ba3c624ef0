using EchoRate.Core.Files;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace EchoRate.Hub.Manifests;

/// <summary>
/// <c>gguf-manifest.lock.yaml</c> beside a manifest: sizes and hashes that the manifest does not give and <c>pull</c> learned. One entry for each
/// repository, path and revision, sorted; <c>pull</c> adds and replaces its own entries and removes none.
/// </summary>
public sealed class LockFile
{
    private const string Comment = """
        # Written by `echorate pull`: what the files of the manifest were when they were fetched.
        # Later pulls and runs hold the files against it. Remove an entry to take a newer file.

        """;

    private static readonly YamlKeys _root = new("the lock file", "schema_version", "files");
    private static readonly YamlKeys _file = new(
        "a file",
        ["repo", "path", "revision", "commit", "bytes", "sha256"]
    );

    private readonly Dictionary<(string Repo, string Path, string Revision), LockedFile> _files;

    private LockFile(IEnumerable<LockedFile> files) => _files = files.ToDictionary(KeyOf);

    /// <summary>The lock file of a manifest (<c>models.yaml</c> has <c>models.lock.yaml</c>); empty where there is none yet.</summary>
    /// <exception cref="ManifestException">It is there and cannot be read; all problems, with line and column.</exception>
    public static LockFile For(string manifestPath)
    {
        var path = PathFor(manifestPath);
        return new LockFile(Path.Exists(path) ? Read(path) : []);
    }

    /// <summary>What is known of a file; null where nothing is.</summary>
    public LockedFile? Find(string repo, string path, string? revision) =>
        _files.GetValueOrDefault((repo, path, revision ?? "main"));

    /// <summary>The manifest with the sizes, hashes and commits that it does not give itself.</summary>
    public Manifest Complete(Manifest manifest) =>
        manifest with
        {
            Models =
            [
                .. manifest.Models.Select(model =>
                    model with
                    {
                        Files =
                        [
                            .. model.Files.Select(file => file.IsLocal ? file : Complete(file)),
                        ],
                    }
                ),
            ],
        };

    /// <summary>Adds an entry to the file on disk, whatever others wrote there meanwhile.</summary>
    /// <param name="manifestPath">The manifest that it stands beside.</param>
    /// <param name="file">What was learned.</param>
    /// <param name="cacheFolder">The hub's cache, which holds the lock against other pulls: beside the manifest it would be litter.</param>
    /// <param name="cancellation">Ends the waiting for another process.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    public static async Task AddAsync(
        string manifestPath,
        LockedFile file,
        string cacheFolder,
        CancellationToken cancellation
    )
    {
        var locks = Directory.CreateDirectory(Path.Combine(cacheFolder, ".locks")).FullName;
        var lockPath = Path.Combine(locks, "echorate.lock");
        using var held = await FileLock.TakeAsync(lockPath, () => { }, cancellation);
        var now = For(manifestPath);
        now._files[KeyOf(file)] = file;
        AtomicFile.Write(PathFor(manifestPath), now.Text());
    }

    private static string PathFor(string manifestPath) =>
        Path.ChangeExtension(Path.GetFullPath(manifestPath), ".lock.yaml");

    // With the manifest's own care: people merge it by hand.
    private static List<LockedFile> Read(string path)
    {
        var problems = new YamlProblems(path);
        var text = ManifestText.Decode(ManifestText.Read(path), path);
        var document = PlainYaml.Read(text, problems, "remove it, and pull makes it anew");
        var root = YamlMap.Root(document, _root, problems, 1);
        var files = new List<LockedFile>();
        var seen = new HashSet<(string, string, string)>();
        foreach (var entry in root.Maps("files", _file))
        {
            entry.Require("bytes");
            var file = new LockedFile
            {
                Repo = entry.Required("repo", HubNames.WrongRepo),
                Path = entry.Required("path", HubNames.WrongHubPath),
                Revision = entry.Required("revision", HubNames.WrongRevision),
                Commit = entry.Required("commit", HubNames.WrongCommit).ToLowerInvariant(),
                Bytes = entry.Number("bytes") ?? 0,
                Sha256 = entry.Required("sha256", HubNames.WrongSha256).ToLowerInvariant(),
            };
            if (!seen.Add(KeyOf(file)))
            {
                entry.Report(
                    "path",
                    $"{Wording.Quote(file.Path)} of {file.Repo} at {file.Revision} stands twice; keep one"
                );
            }
            files.Add(file);
        }
        problems.ThrowIfWrong();
        return files;
    }

    private static (string, string, string) KeyOf(LockedFile file) =>
        (file.Repo, file.Path, file.Revision);

    private ManifestFile Complete(ManifestFile file) =>
        file with
        {
            LockedCommit = Find(file.Repo!, file.Parts[0].Path, file.Revision)?.Commit,
            Parts =
            [
                .. file.Parts.Select(part =>
                    Find(file.Repo!, part.Path, file.Revision) is { } known
                        ? part with
                        {
                            Bytes = part.Bytes ?? known.Bytes,
                            Sha256 = part.Sha256 ?? known.Sha256,
                        }
                        : part
                ),
            ],
        };

    // Text in quotes, so that no name is a number or a date to YAML.
    private string Text() =>
        Comment
        + new SerializerBuilder()
            .WithNamingConvention(UnderscoredNamingConvention.Instance)
            .WithDefaultScalarStyle(ScalarStyle.SingleQuoted)
            .WithIndentedSequences()
            .WithNewLine("\n")
            .DisableAliases()
            .Build()
            .Serialize(
                new
                {
                    SchemaVersion = 1,
                    Files = (LockedFile[])
                        [
                            .. _files
                                .Values.OrderBy(file => file.Repo, StringComparer.Ordinal)
                                .ThenBy(file => file.Path, StringComparer.Ordinal)
                                .ThenBy(file => file.Revision, StringComparer.Ordinal),
                        ],
                }
            );
}

/// <summary>What <c>pull</c> learned of one file of the hub: the next pull must find the same.</summary>
public sealed record LockedFile
{
    /// <summary>organisation/name.</summary>
    public required string Repo { get; init; }

    /// <summary>The path in the repository.</summary>
    public required string Path { get; init; }

    /// <summary>Commit, branch or tag as the manifest names it; <c>main</c> where it names none.</summary>
    public required string Revision { get; init; }

    /// <summary>The commit that the revision meant, 40 hex digits.</summary>
    public required string Commit { get; init; }

    /// <summary>Its size.</summary>
    public required long Bytes { get; init; }

    /// <summary>Its SHA-256, 64 hex digits, computed from the bytes that arrived.</summary>
    public required string Sha256 { get; init; }
}
