using EchoRate.Hub;
using EchoRate.Hub.Manifests;
using EchoRate.Hub.Pulling;
using EchoRate.Tests.Hub.Loopback;

namespace EchoRate.Tests.Hub.Pulling;

/// <summary>What a pull does, and what it leaves in the cache.</summary>
public sealed class PullTests : IDisposable
{
    private readonly PullBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_file_lands_in_the_layout_of_the_hubs_own_programs()
    {
        var file = _bench.Add("sub/m.gguf", [1, 2, 3]);

        var result = _bench.Pull(PullBench.Want(file));

        Assert.Equal(PullOutcome.Fetched, result.Outcome);
        Assert.Equal(file.Sha256, result.Sha256);
        var repo = Path.Combine(_bench.Cache, "models--org--name");
        Assert.Equal(PullBench.Commit, File.ReadAllText(Path.Combine(repo, "refs", "main")));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(Path.Combine(repo, "blobs", file.Sha256)));
        var snapshot = Path.Combine(repo, "snapshots", PullBench.Commit, "sub", "m.gguf");
        Assert.Equal(snapshot, result.Path);
        Assert.Equal(
            Path.Combine("..", "..", "..", "blobs", file.Sha256),
            new FileInfo(snapshot).LinkTarget
        );
        Assert.True(
            File.Exists(
                Path.Combine(_bench.Cache, ".locks", "models--org--name", file.Sha256 + ".lock")
            )
        );
        Assert.Empty(Directory.GetFiles(_bench.Cache, "*.incomplete", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_file_of_the_hubs_own_programs_is_found_and_not_fetched()
    {
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        LeaveAsHf(file);

        var result = _bench.Pull(PullBench.Want(file, file.Sha256));

        Assert.Equal(PullOutcome.Verified, result.Outcome);
        Assert.Empty(_bench.Hub.Requests);
        Assert.Equal(PullOutcome.Here, _bench.Pull(PullBench.Want(file, file.Sha256)).Outcome);
    }

    [Fact]
    public void A_file_that_is_here_under_the_branchs_new_commit_is_found_by_the_branch_from_then_on()
    {
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        LeaveAsHf(file);
        var main = _bench.Folders(file).Ref("main")!;
        File.WriteAllText(main, new string('b', 40));

        var result = _bench.Pull(PullBench.Want(file, file.Sha256));

        Assert.Equal(PullOutcome.Verified, result.Outcome);
        Assert.Equal(PullBench.Commit, File.ReadAllText(main));
        Assert.DoesNotContain(_bench.Hub.Requests, request => request.Method == "GET");
        Assert.Contains("moved from", Assert.Single(_bench.Notes));
    }

    [Fact]
    public void A_file_under_two_models_has_the_hash_that_stands_at_one_of_them()
    {
        var manifest = ManifestReader.Parse(
            System.Text.Encoding.UTF8.GetBytes(
                "schema_version: 1\nmodels:\n- name: a\n  files:\n  - { quant: Q8_0, repo: org/name, path: m.gguf }\n"
                    + $"- name: b\n  files:\n  - {{ quant: Q8_0, repo: org/name, path: m.gguf, sha256: {new string('c', 64)} }}\n"
            ),
            "m.yaml"
        );

        var wanted = Assert.Single(WantedFile.Of(manifest.Select([], [])));

        Assert.Equal(new string('c', 64), wanted.Sha256);
    }

    [Fact]
    public void A_blob_under_another_name_is_linked_and_not_fetched()
    {
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        Leave(_bench.Folders(file).Blob(file.Sha256), file, file.Bytes);

        Assert.Equal(PullOutcome.Fetched, _bench.Pull(PullBench.Want(file)).Outcome);

        Assert.DoesNotContain(_bench.Hub.Requests, request => request.IsCdn);
        Assert.Equal(file.Bytes, File.ReadAllBytes(_bench.Snapshot(file)));
    }

    [Fact]
    public void What_a_broken_line_left_is_gone_on_with()
    {
        var file = _bench.Add("m.gguf", [.. Enumerable.Range(0, 5000).Select(i => (byte)i)]);
        var cuts = 0;
        _bench.Hub.Fault = (request, answer) =>
            request.IsCdn && cuts++ == 0 ? answer with { CutAt = 3000 } : answer;

        Fetches(file);
        Assert.Equal(
            [null, 3000],
            _bench.Hub.Requests.Where(request => request.IsCdn).Select(request => request.From)
        );
        Assert.Equal([TimeSpan.FromSeconds(1)], _bench.Pauses);
    }

    [Fact]
    public void A_server_that_knows_no_ranges_is_asked_for_the_whole()
    {
        var file = _bench.Add("m.gguf", [1, 2, 3, 4]);
        Leave(_bench.Folders(file).Blob(file.Sha256) + ".incomplete", file, [1, 2]);
        _bench.Hub.Fault = (request, answer) =>
            request.IsCdn ? new HubAnswer { Status = 200, Body = file.Bytes } : answer;

        Fetches(file);
    }

    [Fact]
    public void A_small_file_of_the_repository_itself_is_fetched_too()
    {
        var file = new HubFile("org/name", PullBench.Commit, "m.gguf", [1, 2, 3])
        {
            IsSmall = true,
        };
        _bench.Hub.Files.Add(file);

        var result = _bench.Pull(PullBench.Want(file));

        Assert.Equal(file.Sha256, result.Sha256);
        Assert.True(File.Exists(_bench.Folders(file).Blob(file.GitHash)));
    }

    [Fact]
    public void Parts_of_a_split_file_are_fetched_side_by_side()
    {
        var files = Enumerable
            .Range(1, 9)
            .Select(i => _bench.Add($"m-{i:D5}-of-00009.gguf", [(byte)i, 7]))
            .ToList();
        var (now, most) = (0, 0);
        using var side = new ManualResetEventSlim();
        _bench.Hub.Fault = (request, answer) =>
        {
            if (request.IsCdn)
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                if (most > 1)
                {
                    side.Set();
                }
                // A busy machine may be slow to begin the second one; none comes where parts are fetched one after another.
                side.Wait(TimeSpan.FromSeconds(20));
                Thread.Sleep(50);
                Interlocked.Decrement(ref now);
            }
            return answer;
        };

        var results = _bench.PullAll([.. files.Select(file => PullBench.Want(file))]);

        Assert.All(results, result => Assert.Equal(PullOutcome.Fetched, result.Outcome));
        Assert.InRange(most, 2, Puller.AtATime);
    }

    [Fact]
    public void A_branch_that_moved_is_named()
    {
        var old = _bench.Add("m.gguf", [1]);
        _bench.Pull(PullBench.Want(old));
        _bench.Hub.Files.Clear();
        var commit = new string('b', 40);
        var file = _bench.Add("m.gguf", [2], commit: commit);

        var result = _bench.Pull(PullBench.Want(file));

        Assert.Equal(PullOutcome.Fetched, result.Outcome);
        Assert.Equal(
            $"org/name: main moved from {PullBench.Commit} to {commit} since the last download",
            Assert.Single(_bench.Notes)
        );
        Assert.Equal(
            commit,
            File.ReadAllText(Path.Combine(_bench.Cache, "models--org--name", "refs", "main"))
        );
    }

    [Fact]
    public void What_the_lock_file_knows_is_fetched_by_its_commit()
    {
        var old = _bench.Add("m.gguf", [1]);
        old.Branches.Clear();
        _bench.Add("m.gguf", [2], commit: new string('b', 40));

        var result = _bench.Pull(
            PullBench.Want(old) with
            {
                Sha256 = old.Sha256,
                LockedCommit = PullBench.Commit,
            }
        );

        Assert.Equal(PullOutcome.Fetched, result.Outcome);
        Assert.Equal([1], File.ReadAllBytes(result.Path!));
    }

    [Fact]
    public void A_hash_that_the_manifest_lacks_is_kept_beside_it()
    {
        File.WriteAllText(
            _bench.Manifest,
            "schema_version: 1\nmodels:\n- name: m\n  files:\n  - { quant: Q8_0, repo: org/name, path: m.gguf }\n"
        );
        var file = _bench.Add("m.gguf", [1, 2, 3]);
        _bench.Pull(PullBench.Want(_bench.Add("b.gguf", [4], "other/repo")));

        _bench.Pull(PullBench.Want(file));

        var locked = LockFile.For(_bench.Manifest);
        Assert.Equal(
            new LockedFile(new("org/name", "main", "m.gguf"), PullBench.Commit, 3, file.Sha256),
            locked.Find(new("org/name", "main", "m.gguf"))
        );
        Assert.NotNull(locked.Find(new("other/repo", "main", "b.gguf")));
        var part = ManifestReader.Read(_bench.Manifest).Models[0].Files[0].Parts[0];
        Assert.Equal((3, file.Sha256), (part.Bytes, part.Sha256));
    }

    [Fact]
    public void A_full_disk_is_seen_before_the_first_byte()
    {
        var file = _bench.Add("m.gguf", new byte[100]);
        _bench.FreeBytes = 99;

        var failure = Assert.Throws<HubException>(() => _bench.Pull(PullBench.Want(file)));

        Assert.Contains("nothing was fetched", failure.Message);
        Assert.DoesNotContain(_bench.Hub.Requests, request => request.Method == "GET");
    }

    [Fact]
    public void Two_pulls_of_one_file_do_not_spoil_each_other()
    {
        var file = _bench.Add(
            "m.gguf",
            [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 7))]
        );

        var results = Enumerable
            .Range(0, 4)
            .AsParallel()
            .WithDegreeOfParallelism(4)
            .WithExecutionMode(ParallelExecutionMode.ForceParallelism)
            .Select(_ => _bench.Pull(PullBench.Want(file)))
            .ToList();

        Assert.All(results, result => Assert.Equal(file.Sha256, result.Sha256));
        Assert.Equal(file.Bytes, File.ReadAllBytes(_bench.Snapshot(file)));
        Assert.Single(_bench.Hub.Requests, request => request.IsCdn);
    }

    private void Fetches(HubFile file, string? sha256 = null)
    {
        Assert.Equal(PullOutcome.Fetched, _bench.Pull(PullBench.Want(file, sha256)).Outcome);
        Assert.Equal(file.Bytes, File.ReadAllBytes(_bench.Snapshot(file)));
    }

    private void Leave(string path, HubFile file, byte[] bytes)
    {
        _bench.Folders(file).Prepare(path);
        File.WriteAllBytes(path, bytes);
    }

    // As huggingface_hub leaves a file: a blob, a relative link, a ref with no line's end.
    private void LeaveAsHf(HubFile file)
    {
        var repo = Path.Combine(_bench.Cache, "models--org--name");
        Leave(Path.Combine(repo, "blobs", file.Sha256), file, file.Bytes);
        Leave(Path.Combine(repo, "refs", "main"), file, [.. file.Commit.Select(c => (byte)c)]);
        _bench.Folders(file).Prepare(_bench.Snapshot(file));
        File.CreateSymbolicLink(
            _bench.Snapshot(file),
            Path.Combine("..", "..", "blobs", file.Sha256)
        );
    }
}
