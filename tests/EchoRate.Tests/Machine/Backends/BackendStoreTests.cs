using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

public class BackendStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HostSystem.Linux, Architecture.X64, "cuda cuda12 vulkan", "libggml-{0}.so")]
    [InlineData(HostSystem.Windows, Architecture.X64, "cuda cuda12 vulkan", "ggml-{0}.dll")]
    [InlineData(HostSystem.Linux, Architecture.Arm64, "", "")]
    [InlineData(HostSystem.MacOS, Architecture.Arm64, "", "")]
    [InlineData(HostSystem.Other, Architecture.X64, "", "")]
    public void A_platform_has_the_backends_that_are_built_for_it_best_first(
        HostSystem system,
        Architecture architecture,
        string names,
        string file
    )
    {
        using var fake = new FakeHost(system, architecture);
        var backends = Backend.For(fake.Host);
        Assert.Equal(names, string.Join(' ', backends));
        Assert.Null(Backend.Find(fake.Host, "cuda11"));
        Assert.All(
            backends,
            backend =>
            {
                Assert.Equal(
                    string.Format(
                        System.Globalization.CultureInfo.InvariantCulture,
                        file,
                        backend.DeviceBackend
                    ),
                    backend.FileName
                );
                Assert.Equal(64, Convert.FromBase64String(backend.Integrity).Length);
                Assert.Equal(32, Convert.FromHexString(backend.LibrarySha256).Length);
            }
        );
    }

    [Fact]
    public void A_linux_without_glibc_has_none()
    {
        using var fake = new FakeHost();
        Assert.Empty(Backend.For(fake.Host with { IsMusl = true }));
    }

    [Fact]
    public async Task A_library_of_the_package_s_size_and_another_content_is_called_damaged_when_it_fails()
    {
        using var fake = new FakeHost();
        var vulkan = Backend.Find(fake.Host, "vulkan")!;
        Directory.CreateDirectory(fake.Store.FolderOf(vulkan));
        var path = Path.Combine(fake.Store.FolderOf(vulkan), vulkan.FileName);
        using (var file = File.Create(path))
        {
            file.SetLength(vulkan.LibraryBytes);
        }
        var trials = new FakeTrials().Fails("vulkan", "it was ended by signal 11");

        var (_, damaged) = await fake.Store.TryAsync(vulkan, trials, Cancellation);
        File.WriteAllText(path, "somebody's own");
        var (_, own) = await fake.Store.TryAsync(vulkan, trials, Cancellation);

        Assert.StartsWith($"it was ended by signal 11; {path} is damaged, ", damaged);
        Assert.Equal("it was ended by signal 11", own);
    }

    [Fact]
    public async Task A_backend_is_weighed_fetched_once_and_removed()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan").Backend;
        var store = fake.Store;
        var heard = new LinesHeard();

        Assert.True(await store.AddAsync(vulkan, heard, Cancellation));
        Assert.False(await store.AddAsync(vulkan, heard, Cancellation));

        var folder = fake.In("user", ".local", "share", "echorate", "plugins", "vulkan");
        Assert.Equal(
            [
                $"vulkan: 26 MB to download, 52 MB on the disk, in {folder}",
                "unpacking libggml-vulkan.so",
            ],
            heard.Lines
        );
        Assert.StartsWith(
            "pack @node-llama-cpp/linux-x64-vulkan@3.20.0 --ignore-scripts ",
            Assert.Single(fake.NpmCalls)
        );
        Assert.Equal(
            ["LICENSE", "libggml-vulkan.so"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            FakePackage.Library,
            await File.ReadAllTextAsync(store.Find(vulkan)!, Cancellation)
        );
        Assert.Equal("vulkan", store.Installed());
        AssertNothingTemporary(fake);

        var (removed, bytes) = await store.RemoveAsync(vulkan, Cancellation);

        Assert.Equal((folder, FakePackage.Library.Length), (removed, bytes));
        Assert.False(Directory.Exists(folder));
        Assert.Null(store.Find(vulkan));
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.RemoveAsync(vulkan, Cancellation)
        );
        Assert.Equal(
            $"vulkan is not installed: there is no {folder}/libggml-vulkan.so; installed: none",
            e.Message
        );
    }

    [Fact]
    public async Task Of_several_at_once_one_fetches_and_the_others_wait_and_find()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan", "sleep 1").Backend;
        var heard = Enumerable.Range(0, 3).Select(_ => new LinesHeard()).ToList();

        var added = await Task.WhenAll(
            heard.Select(lines =>
                Task.Run(() => fake.Store.AddAsync(vulkan, lines, Cancellation), Cancellation)
            )
        );

        Assert.Single(fake.NpmCalls);
        Assert.Single(added, was => was);
        Assert.Equal(
            2,
            heard.Count(lines =>
                lines.Lines.Contains("another process is at vulkan: waiting for it")
            )
        );
        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task Leftovers_of_a_killed_download_are_removed_and_its_lock_file_does_not_block()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan").Backend;
        var parent = Path.GetDirectoryName(fake.Store.FolderOf(vulkan))!;
        Directory.CreateDirectory(Path.Combine(parent, ".vulkan.tmp-0123", "half"));
        await File.WriteAllTextAsync(Path.Combine(parent, ".vulkan.lock"), "", Cancellation);

        Assert.True(await fake.Store.AddAsync(vulkan, null, Cancellation));

        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task A_library_that_somebody_put_there_by_hand_is_taken_and_never_replaced()
    {
        using var fake = new FakeHost().WithBackends("cuda");
        var cuda = new FakePackage(fake, "cuda").Backend;

        Assert.NotNull(fake.Store.Find(cuda));
        Assert.False(await fake.Store.AddAsync(cuda, null, Cancellation));

        Assert.Empty(fake.NpmCalls);
        Assert.Equal("cuda", fake.Store.Installed());
    }

    [Fact]
    public async Task Without_npm_the_line_names_the_folder_for_a_library_put_there_by_hand()
    {
        using var fake = new FakeHost();
        var cuda12 = Backend.Find(fake.Host, "cuda12")!;
        await Refuses(
            fake,
            cuda12,
            $"no npm on PATH to fetch cuda12 with: install Node.js 20 or newer, or put libggml-cuda.so of npm's package @node-llama-cpp/linux-x64-cuda-ext 3.20.0 (bins/linux-x64-cuda/fallback/libggml-cuda.so) into {fake.Store.FolderOf(cuda12)} by hand"
        );
        // The folder is there, to be filled.
        Assert.True(Directory.Exists(fake.Store.FolderOf(cuda12)));
        Assert.Equal("none", fake.Store.Installed());
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_fetched()
    {
        using var fake = new FakeHost();
        var cuda12 = new FakePackage(fake, "cuda12").Backend;
        var store = new BackendStore(fake.Host, _ => 100_000_000);

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.AddAsync(cuda12, null, Cancellation)
        );

        Assert.Equal(
            $"no room for cuda12: it needs 718 MB while it is installed, and the disk of {store.FolderOf(cuda12)} has 100 MB left; ECHORATE_HOME may name another folder",
            e.Message
        );
        Assert.Empty(fake.NpmCalls);
    }

    [Fact]
    public async Task Another_archive_than_ours_is_not_unpacked()
    {
        using var fake = new FakeHost();
        var package = new FakePackage(fake, "vulkan");
        await File.AppendAllTextAsync(package.Archive, "more", Cancellation);
        await Refuses(
            fake,
            package.Backend,
            "wrong hash: what npm got for @node-llama-cpp/linux-x64-vulkan 3.20.0 is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
        );
        Assert.Null(fake.Store.Find(package.Backend));
    }

    [Fact]
    public async Task A_library_that_does_not_come_out_whole_is_not_installed()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan").Backend;
        await Refuses(
            fake,
            vulkan with
            {
                LibrarySha256 = new string('0', 64),
            },
            $"libggml-vulkan.so did not come out of @node-llama-cpp/linux-x64-vulkan whole: is the disk of {Path.GetDirectoryName(fake.Store.FolderOf(vulkan))} full?"
        );
        await Refuses(
            fake,
            vulkan with
            {
                Entry = "package/bins/elsewhere/libggml-vulkan.so",
            },
            $"libggml-vulkan.so did not come out of @node-llama-cpp/linux-x64-vulkan whole: is the disk of {Path.GetDirectoryName(fake.Store.FolderOf(vulkan))} full?"
        );
        Assert.Null(fake.Store.Find(vulkan));
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_the_way_out()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan").Backend;
        await File.WriteAllTextAsync(fake.In("file"), "", Cancellation);
        fake.With("ECHORATE_HOME", fake.In("file", "below"));

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            fake.Store.AddAsync(vulkan, null, Cancellation)
        );

        Assert.StartsWith(
            $"cannot write to {fake.In("file", "below", "plugins", "vulkan")}: ",
            e.Message
        );
        Assert.EndsWith("; ECHORATE_HOME may name another folder", e.Message);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task Cancelling_ends_npm_and_leaves_nothing()
    {
        using var fake = new FakeHost();
        var vulkan = new FakePackage(fake, "vulkan", "sleep 60").Backend;
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var fetching = fake.Store.AddAsync(vulkan, null, source.Token);
        while (fake.NpmCalls.Length == 0)
        {
            await Task.Delay(20, Cancellation);
        }

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        AssertNothingTemporary(fake);
    }

    private static async Task Refuses(FakeHost fake, Backend backend, string message)
    {
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            fake.Store.AddAsync(backend, null, Cancellation)
        );
        Assert.Equal(message, e.Message);
        AssertNothingTemporary(fake);
    }

    private static void AssertNothingTemporary(FakeHost fake) =>
        Assert.Empty(
            Directory.EnumerateDirectories(Path.Combine(fake.Host.DataFolder, "plugins"), "*.tmp-*")
        );
}
