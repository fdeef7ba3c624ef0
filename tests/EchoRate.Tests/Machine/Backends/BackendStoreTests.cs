using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Bringing and removing GPU libraries, with an npm that is a shell script.</summary>
public sealed class BackendStoreTests : IDisposable
{
    private const string Library = "the library of a GPU";

    private readonly FakeHost _fake = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Folder => _fake.In("data", "plugins", "vulkan");

    public void Dispose() => _fake.Dispose();

    [Theory]
    [InlineData("linux-x64", "libggml-{0}.so")]
    [InlineData("win-x64", "ggml-{0}.dll")]
    [InlineData("linux-arm64", null)]
    [InlineData("linux-musl-x64", null)]
    [InlineData("mac-arm64", null)]
    public void A_platform_has_the_backends_that_are_built_for_it_best_first(
        string platform,
        string? file
    )
    {
        using var fake = new FakeHost(platform);
        var backends = Backend.For(fake.Host);
        Assert.Equal(file is null ? "" : "cuda cuda12 vulkan", string.Join(' ', backends));
        Assert.Null(Backend.Find(fake.Host, "cuda11"));
        Assert.All(
            backends,
            backend =>
            {
                var name = file!.Replace("{0}", backend.DeviceBackend);
                Assert.Equal(name, backend.FileName);
                Assert.StartsWith($"@node-llama-cpp/{fake.Host.Platform}-", backend.Package);
                Assert.Equal(64, Convert.FromBase64String(backend.Integrity).Length);
            }
        );
    }

    [Fact]
    public async Task A_backend_is_weighed_fetched_once_and_removed()
    {
        var vulkan = Package();
        var store = _fake.Store;
        var heard = new List<string>();

        Assert.True(await store.AddAsync(vulkan, heard.Add, Cancellation));
        Assert.False(await store.AddAsync(vulkan, heard.Add, Cancellation));

        Assert.Equal(
            [
                $"vulkan: 26 MB to download, 52 MB on the disk, in {Folder}",
                "unpacking libggml-vulkan.so",
            ],
            heard
        );
        Assert.StartsWith(
            "pack @node-llama-cpp/linux-x64-vulkan@3.20.0 --ignore-scripts ",
            Assert.Single(_fake.NpmCalls)
        );
        Assert.Equal(
            ["LICENSE", "libggml-vulkan.so"],
            Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(Library, await File.ReadAllTextAsync(store.Find(vulkan)!, Cancellation));
        Assert.Equal("vulkan", store.Installed());
        AssertNothingTemporary();

        Assert.Equal((Folder, Library.Length), await store.RemoveAsync(vulkan, Cancellation));

        Assert.False(Directory.Exists(Folder));
        Assert.Null(store.Find(vulkan));
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.RemoveAsync(vulkan, Cancellation)
        );
        Assert.Equal(
            $"vulkan is not installed: there is no {Folder}/libggml-vulkan.so; installed: none",
            e.Message
        );
    }

    [Fact]
    public async Task Of_several_at_once_one_fetches_and_the_others_wait_and_find()
    {
        var vulkan = Package("sleep 1");
        var heard = Enumerable.Range(0, 3).Select(_ => new List<string>()).ToList();

        var added = await Task.WhenAll(
            heard.Select(lines =>
                Task.Run(() => _fake.Store.AddAsync(vulkan, lines.Add, Cancellation), Cancellation)
            )
        );

        Assert.Single(_fake.NpmCalls);
        Assert.Single(added, was => was);
        const string waits = "another process is at vulkan: waiting for it";
        Assert.Equal(2, heard.Count(lines => lines.Contains(waits)));
        AssertNothingTemporary();
    }

    [Fact]
    public async Task Leftovers_of_a_killed_download_are_removed_and_its_lock_file_does_not_block()
    {
        var vulkan = Package();
        var parent = Path.GetDirectoryName(Folder)!;
        Directory.CreateDirectory(Path.Combine(parent, ".vulkan.tmp", "half"));
        await File.WriteAllTextAsync(Path.Combine(parent, ".vulkan.lock"), "", Cancellation);

        Assert.True(await _fake.Store.AddAsync(vulkan, null, Cancellation));

        AssertNothingTemporary();
    }

    [Fact]
    public async Task A_library_that_somebody_put_there_by_hand_is_taken_and_never_replaced()
    {
        _fake.WithBackends("vulkan");

        Assert.False(await _fake.Store.AddAsync(Package(), null, Cancellation));

        Assert.Empty(_fake.NpmCalls);
        Assert.Equal("vulkan", _fake.Store.Installed());
    }

    [Fact]
    public async Task Without_npm_the_line_names_the_folder_for_a_library_put_there_by_hand()
    {
        var cuda12 = Backend.Find(_fake.Host, "cuda12")!;
        var folder = _fake.Store.FolderOf(cuda12);
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            _fake.Store.AddAsync(cuda12, null, Cancellation)
        );
        Assert.StartsWith("cannot start npm to fetch cuda12 with (", e.Message);
        Assert.EndsWith(
            $"): install Node.js 20 or newer, or put libggml-cuda.so of npm's package @node-llama-cpp/linux-x64-cuda-ext 3.20.0 (bins/linux-x64-cuda/fallback/libggml-cuda.so) into {folder} by hand",
            e.Message
        );
        AssertNothingTemporary();
        // The folder is there, to be filled.
        Assert.True(Directory.Exists(folder));
        Assert.Equal("none", _fake.Store.Installed());
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_fetched()
    {
        Package();
        var cuda12 = Backend.Find(_fake.Host, "cuda12")!;
        var store = new BackendStore(_fake.Host, _ => 100_000_000, _fake.In("npm"));

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.AddAsync(cuda12, null, Cancellation)
        );

        Assert.Equal(
            $"no room for cuda12: it needs 718 MB while it is installed, and the disk of {store.FolderOf(cuda12)} has 100 MB left; ECHORATE_HOME may name another folder",
            e.Message
        );
        Assert.Empty(_fake.NpmCalls);
    }

    [Fact]
    public async Task Another_archive_than_ours_is_not_unpacked() =>
        await Refuses(
            Package() with
            {
                Integrity = "another",
            },
            "wrong hash: what npm got for @node-llama-cpp/linux-x64-vulkan 3.20.0 is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
        );

    // What npm 11 really printed, shortened.
    [Fact]
    public async Task What_npm_says_becomes_one_line()
    {
        _fake.WithNpm(
            "printf 'npm error code ENOTFOUND\\nnpm error syscall getaddrinfo\\na\\nb\\nmore' >&2; exit 7"
        );
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            _fake.Store.AddAsync(_fake.Vulkan, null, Cancellation)
        );
        Assert.StartsWith(
            $"npm did not bring {_fake.Vulkan.Package} (exit code 7): npm error code ENOTFOUND; npm error syscall getaddrinfo; a; b; where there is no network: put libggml-vulkan.so of npm's package",
            e.Message
        );
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_the_way_out()
    {
        await File.WriteAllTextAsync(_fake.In("data"), "", Cancellation);

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            _fake.Store.AddAsync(_fake.Vulkan, null, Cancellation)
        );

        Assert.StartsWith($"cannot write to {Folder}: ", e.Message);
        Assert.EndsWith("; ECHORATE_HOME may name another folder", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Cancelling_ends_npm_and_leaves_nothing()
    {
        var vulkan = Package("sleep 60");
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var fetching = _fake.Store.AddAsync(vulkan, null, source.Token);
        while (_fake.NpmCalls.Length == 0)
        {
            await Task.Delay(20, Cancellation);
        }

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        AssertNothingTemporary();
    }

    // A package of npm's as small as can be, brought by the machine's npm, and the backend that trusts it.
    private Backend Package(string script = "")
    {
        var archive = _fake.In("archive.tgz");
        using (var file = File.Create(archive))
        using (var zipped = new GZipStream(file, CompressionLevel.Fastest))
        using (var entries = new TarWriter(zipped))
        {
            Add("package/package.json", "{}");
            Add("package/LICENSE", "MIT");
            Add("package/bins/other/libllama.so", "what nobody needs");
            Add(_fake.Vulkan.Entry, Library);

            void Add(string name, string text) =>
                entries.WriteEntry(
                    new PaxTarEntry(TarEntryType.RegularFile, name)
                    {
                        DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)),
                    }
                );
        }
        _fake.WithNpm($"{script}\ncp '{archive}' .");
        return _fake.Vulkan with
        {
            Integrity = Convert.ToBase64String(SHA512.HashData(File.ReadAllBytes(archive))),
        };
    }

    private async Task Refuses(Backend backend, string message)
    {
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            _fake.Store.AddAsync(backend, null, Cancellation)
        );
        Assert.Equal(message, e.Message);
        Assert.Null(_fake.Store.Find(backend));
        AssertNothingTemporary();
    }

    private void AssertNothingTemporary() =>
        Assert.Empty(Directory.EnumerateDirectories(Path.GetDirectoryName(Folder)!, "*.tmp*"));
}
