using EchoRate.Core.Files;
using EchoRate.Hub.Cache;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Tests.Hub.Pulling;

/// <summary>A cache in a folder of its own, a loopback hub, and a puller between them that never waits for real.</summary>
internal sealed class PullBench : IDisposable
{
    public const string Token = "hf_thisIsASecret";

    public const string Commit = "0123456789abcdef0123456789abcdef01234567";

    private readonly TemporaryFolder _folder = new();

    private Puller? _kept;

    public LoopbackHub Hub { get; } = new();

    public Dictionary<string, string> Variables { get; } = new() { ["HF_TOKEN"] = Token };

    public string Folder => _folder.Path;

    public string Cache => Path.Combine(Folder, "cache");

    public string Manifest => Path.Combine(Folder, "gguf-manifest.yaml");

    public List<TimeSpan> Pauses { get; } = [];

    public List<string> Notes { get; } = [];

    public long? FreeBytes { get; set; }

    /// <summary>Whether hashes are kept in a lock file.</summary>
    public bool KeepsHashes { get; init; } = true;

    /// <summary>Whether one puller serves all pulls, as in one run of the program.</summary>
    public bool KeepsPuller { get; init; }

    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(2);

    public KnownHashes Verified => new(Path.Combine(Folder, "verified.json"));

    public void Dispose()
    {
        _kept?.Dispose();
        Hub.Dispose();
        _folder.Dispose();
    }

    public HubFile Add(string path, byte[] bytes, string repo = "org/name", string commit = Commit)
    {
        var file = new HubFile(repo, commit, path, bytes);
        Hub.Files.Add(file);
        return file;
    }

    public static WantedFile Want(HubFile file, string? sha256 = null, string revision = "main") =>
        new()
        {
            Address = new HubAddress(file.Repo, revision, file.Path),
            Name = "m:Q8_0",
            Sha256 = sha256,
        };

    public HubSettings Settings() =>
        HubSettings.From(
            new HubEnvironment(
                Folder,
                name =>
                    Variables.GetValueOrDefault(name)
                    ?? (name == "HF_ENDPOINT" ? Hub.Endpoint.AbsoluteUri : null)
            )
        );

    public PullResult Pull(WantedFile wanted) => PullAll([wanted]).Single();

    public IReadOnlyList<PullResult> PullAll(IReadOnlyList<WantedFile> wanted)
    {
        if (KeepsPuller)
        {
            _kept ??= NewPuller();
            return Run(_kept, wanted);
        }
        using var puller = NewPuller();
        return Run(puller, wanted);
    }

    private static PullResult[] Run(Puller puller, IReadOnlyList<WantedFile> wanted) =>
        [.. puller.PullAsync(wanted, default).GetAwaiter().GetResult()];

    private Puller NewPuller()
    {
        var pauses = Pauses;
        return new Puller(
            Settings(),
            new HubTiming
            {
                Stall = Stall,
                Wait = (pause, _) =>
                {
                    lock (pauses)
                    {
                        pauses.Add(pause);
                    }
                    return Task.CompletedTask;
                },
            },
            "echorate-tests",
            new Heard(this)
        )
        {
            CacheFolder = Cache,
            Verified = Verified,
            FreeBytes = _ => FreeBytes,
            ManifestPath = KeepsHashes ? Manifest : null,
        };
    }

    public CacheFolders Folders(HubFile file) => new(Cache, file.Repo);

    public string Snapshot(HubFile file) => Folders(file).Snapshot(file.Commit, file.Path);

    private sealed class Heard(PullBench bench) : IPullProgress
    {
        public void Planned(int files, long bytes) { }

        public void Begin(WantedFile file, long bytes, bool fetching) { }

        public void Arrived(WantedFile file, long bytes) { }

        public void Note(string line)
        {
            lock (bench.Notes)
            {
                bench.Notes.Add(line);
            }
        }

        public void End(PullResult result) { }
    }
}
