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

    private readonly Dictionary<HubAddress, LockedFile> _files;

    internal LockFile(IEnumerable<LockedFile> files) =>
        _files = files.ToDictionary(file => file.Address);

    /// <summary>The lock file of a manifest (<c>models.yaml</c> has <c>models.lock.yaml</c>); empty where there is none yet.</summary>
    /// <exception cref="ManifestException">It is there and cannot be read; a problem, with line and column.</exception>
    public static LockFile For(string manifestPath)
    {
        var path = PathFor(manifestPath);
        return new LockFile(Path.Exists(path) ? Read(path) : []);
    }

    /// <summary>What is known of a file; null where nothing is.</summary>
    public LockedFile? Find(HubAddress address) => _files.GetValueOrDefault(address);

    /// <summary>A file of the hub with the sizes, hashes and commit that its manifest does not give.</summary>
    internal ManifestFile Complete(ManifestFile file) =>
        file.IsLocal
            ? file
            : file with
            {
                LockedCommit = Find(HubAddress.Of(file, file.Parts[0]))?.Commit,
                Parts = [.. file.Parts.Select(part => Complete(file, part))],
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
        now._files[file.Address] = file;
        AtomicFile.Write(PathFor(manifestPath), now.Text());
    }

    private static string PathFor(string manifestPath) =>
        Path.ChangeExtension(Path.GetFullPath(manifestPath), ".lock.yaml");

    // With the manifest's own care: people merge it by hand.
    private static List<LockedFile> Read(string path)
    {
        var text = ManifestText.Decode(ManifestText.Read(path), path);
        var document = PlainYaml.Read(text, path, "remove it, and pull makes it anew");
        var root = YamlMap.Root(document, _root, path, 1);
        var files = new List<LockedFile>();
        foreach (var entry in root.Maps("files", _file))
        {
            var address = new HubAddress(
                entry.Required("repo", HubNames.WrongRepo),
                entry.Required("revision", HubNames.WrongRevision),
                entry.Required("path", HubNames.WrongHubPath)
            );
            if (files.Exists(file => file.Address == address))
            {
                throw entry.Wrong(
                    "path",
                    $"{Wording.Quote(address.Path)} of {address.Repo} at {address.Revision} stands twice; keep one"
                );
            }
            entry.Require("bytes");
            files.Add(
                new LockedFile(
                    address,
                    entry.Required("commit", HubNames.WrongCommit).ToLowerInvariant(),
                    entry.Number("bytes")!.Value,
                    entry.Required("sha256", HubNames.WrongSha256).ToLowerInvariant()
                )
            );
        }
        return files;
    }

    private ManifestPart Complete(ManifestFile file, ManifestPart part)
    {
        var known = Find(HubAddress.Of(file, part));
        return part with
        {
            Bytes = part.Bytes ?? known?.Bytes,
            Sha256 = part.Sha256 ?? known?.Sha256,
        };
    }

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
                    Files = _files
                        .Values.OrderBy(file => file.Address.Repo, StringComparer.Ordinal)
                        .ThenBy(file => file.Address.Path, StringComparer.Ordinal)
                        .ThenBy(file => file.Address.Revision, StringComparer.Ordinal)
                        .Select(file => new
                        {
                            file.Address.Repo,
                            file.Address.Path,
                            file.Address.Revision,
                            file.Commit,
                            file.Bytes,
                            file.Sha256,
                        }),
                }
            );
}

/// <summary>A file of the hub.</summary>
/// <param name="Repo">organisation/name.</param>
/// <param name="Revision">Commit, branch or tag.</param>
/// <param name="Path">The path in the repository.</param>
public sealed record HubAddress(string Repo, string Revision, string Path)
{
    /// <summary>The address of a part of a manifest's file.</summary>
    public static HubAddress Of(ManifestFile file, ManifestPart part) =>
        new(file.Repo!, file.Revision ?? "main", part.Path);

    public override string ToString() => $"{Repo}/{Path}";
}

/// <summary>What <c>pull</c> learned of one file of the hub: the next pull must find the same.</summary>
/// <param name="Address">Which file, by commit, branch or tag as the manifest names it.</param>
/// <param name="Commit">The commit that the revision meant, 40 hex digits.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Sha256">Its SHA-256, 64 hex digits, computed from the bytes that arrived.</param>
public sealed record LockedFile(HubAddress Address, string Commit, long Bytes, string Sha256);
