using System.Globalization;
using System.Text;
using EchoRate.Core.Files;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Reading;

namespace EchoRate.Hub.Locking;

/// <summary>
/// <c>gguf-manifest.lock.yaml</c> beside a manifest: sizes and hashes that the manifest does not give and <c>pull</c> learned. One entry for each
/// repository, path and revision, sorted; <c>pull</c> adds and replaces its own entries and removes none.
/// </summary>
public sealed class LockFile
{
    private const int CurrentSchemaVersion = 1;

    private readonly Dictionary<(string Repo, string Path, string Revision), LockedFile> _files;

    private LockFile(string path, IEnumerable<LockedFile> files)
    {
        Path = path;
        _files = files.ToDictionary(Key);
    }

    /// <summary>Where it is, whether it exists yet or not.</summary>
    public string Path { get; }

    /// <summary>The lock file's path for a manifest: <c>models.yaml</c> has <c>models.lock.yaml</c>.</summary>
    public static string PathFor(string manifestPath) =>
        System.IO.Path.ChangeExtension(System.IO.Path.GetFullPath(manifestPath), ".lock.yaml");

    /// <summary>The lock file of a manifest; empty where there is none yet.</summary>
    /// <exception cref="ManifestException">It is there and cannot be read; all problems, with line and column.</exception>
    public static LockFile For(string manifestPath)
    {
        string path = PathFor(manifestPath);
        return System.IO.Path.Exists(path)
            ? new LockFile(path, LockFileReader.Read(path, CurrentSchemaVersion))
            : new LockFile(path, []);
    }

    /// <summary>What is known of a file; null where nothing is.</summary>
    public LockedFile? Find(string repo, string path, string? revision) =>
        _files.GetValueOrDefault((repo, path, revision ?? "main"));

    /// <summary>The manifest with the sizes, hashes and commits that it does not give itself.</summary>
    public Manifest Complete(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return _files.Count == 0
            ? manifest
            : manifest with
            {
                Models =
                [
                    .. manifest.Models.Select(model =>
                        model with
                        {
                            Files = [.. model.Files.Select(Complete)],
                        }
                    ),
                ],
            };
    }

    /// <summary>Adds entries to the file on disk, whatever others wrote there meanwhile.</summary>
    /// <param name="manifestPath">The manifest that it stands beside.</param>
    /// <param name="files">What was learned.</param>
    /// <param name="cacheFolder">The hub's cache, which holds the lock against other pulls: beside the manifest it would be litter.</param>
    /// <param name="cancellation">Ends the waiting for another process.</param>
    /// <exception cref="HubException">The folder cannot be written.</exception>
    public static async Task AddAsync(
        string manifestPath,
        IReadOnlyCollection<LockedFile> files,
        string cacheFolder,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(files);
        string path = PathFor(manifestPath);
        try
        {
            string locks = System.IO.Path.Combine(cacheFolder, ".locks");
            Directory.CreateDirectory(locks);
            using (
                await FileLock
                    .TakeAsync(
                        System.IO.Path.Combine(locks, "echorate.lock"),
                        () => { },
                        cancellation
                    )
                    .ConfigureAwait(false)
            )
            {
                LockFile now = For(manifestPath);
                foreach (LockedFile file in files)
                {
                    now._files[Key(file)] = file;
                }
                AtomicFile.Write(path, now.Text());
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new HubException(
                HubFailure.Cache,
                $"{path} cannot be written, so the hashes are not kept: {Wording.Plain(problem.Message)}",
                problem
            );
        }
    }

    private static (string, string, string) Key(LockedFile file) =>
        (file.Repo, file.Path, file.Revision);

    private ManifestFile Complete(ManifestFile file) =>
        file.IsLocal
            ? file
            : file with
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

    private string Text()
    {
        StringBuilder text = new();
        text.Append(
                "# Written by `echorate pull`: what the files of the manifest were when they were fetched.\n"
            )
            .Append(
                "# Later pulls and runs hold the files against it. Remove an entry to take a newer file.\n"
            )
            .Append(
                CultureInfo.InvariantCulture,
                $"schema_version: {CurrentSchemaVersion}\nfiles:\n"
            );
        foreach (
            LockedFile file in _files
                .Values.OrderBy(file => file.Repo, StringComparer.Ordinal)
                .ThenBy(file => file.Path, StringComparer.Ordinal)
                .ThenBy(file => file.Revision, StringComparer.Ordinal)
        )
        {
            text.Append(CultureInfo.InvariantCulture, $"  - repo: {Quoted(file.Repo)}\n")
                .Append(CultureInfo.InvariantCulture, $"    path: {Quoted(file.Path)}\n")
                .Append(CultureInfo.InvariantCulture, $"    revision: {Quoted(file.Revision)}\n")
                .Append(CultureInfo.InvariantCulture, $"    commit: {Quoted(file.Commit)}\n")
                .Append(CultureInfo.InvariantCulture, $"    bytes: {file.Bytes}\n")
                .Append(CultureInfo.InvariantCulture, $"    sha256: {Quoted(file.Sha256)}\n");
        }
        return text.ToString();
    }

    // Quoted, so that no name is a number or a date to YAML.
    private static string Quoted(string text) =>
        "'" + text.Replace("'", "''", StringComparison.Ordinal) + "'";
}
