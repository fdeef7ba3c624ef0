using System.Runtime.InteropServices;
using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine.Backends;

public class BackendStoreTests
{
    private static readonly LlamaPackage Cuda = LlamaPackageTests.Named("linux-x64-cuda");
    private static readonly LlamaPackage Addition = LlamaPackageTests.Named("linux-x64-cuda-ext");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(HostSystem.Linux, Architecture.X64, "cuda cuda12 vulkan cpu")]
    [InlineData(HostSystem.Windows, Architecture.X64, "cuda cuda12 vulkan cpu")]
    [InlineData(HostSystem.Linux, Architecture.Arm64, "cpu")]
    [InlineData(HostSystem.MacOS, Architecture.Arm64, "metal cpu")]
    [InlineData(HostSystem.MacOS, Architecture.X64, "cpu")]
    [InlineData(HostSystem.Other, Architecture.X64, "")]
    public void A_platform_has_the_backends_that_are_built_for_it_best_first(
        HostSystem system,
        Architecture architecture,
        string names
    )
    {
        using var fake = new FakeHost(system, architecture);
        Assert.Equal(names, string.Join(' ', Backend.For(fake.Host)));
        Assert.Null(Backend.Find(fake.Host, "cuda11"));
    }

    [Fact]
    public async Task A_backend_is_weighed_fetched_once_and_removed()
    {
        using var fake = new FakeHost().WithInstallingNpm(
            LlamaPackageTests.Named("linux-x64-vulkan")
        );
        var store = new BackendStore(fake.Host, _ => null);
        var vulkan = Backend.Find(fake.Host, "vulkan")!;
        var heard = new LinesHeard();

        Assert.True(await store.AddAsync(vulkan, heard, Cancellation));
        Assert.False(await store.AddAsync(vulkan, heard, Cancellation));

        Assert.Equal(1, fake.NpmCalls);
        Assert.Equal(
            $"vulkan: 27 MB to download, 84 MB on the disk, in {fake.In("user", ".local", "share", "echorate", "natives")}",
            heard.Lines[0]
        );
        Assert.Equal(store.LibraryFolder(vulkan), store.Find(vulkan)!.Directory);
        Assert.True(store.DiskBytes(vulkan) >= vulkan.Package.LibraryBytes);
        Assert.Equal("vulkan", store.Installed());

        var removed = await store.RemoveAsync(vulkan, Cancellation);

        Assert.False(Directory.Exists(removed));
        Assert.Null(store.Find(vulkan));
        Assert.Equal(["."], Visible(removed));
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.RemoveAsync(vulkan, Cancellation)
        );
        Assert.Equal($"vulkan is not installed: there is no {removed}; installed: none", e.Message);
    }

    [Fact]
    public async Task Cuda_12_takes_the_place_of_the_cuda_packages_own_library()
    {
        using var fake = new FakeHost().WithInstallingNpm(Cuda, Addition);
        var store = new BackendStore(fake.Host, _ => null);
        var cuda12 = Backend.Find(fake.Host, "cuda12")!;

        Assert.True(await store.AddAsync(cuda12, null, Cancellation));

        var folder = store.LibraryFolder(cuda12);
        var files = Directory.GetFiles(folder).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(FakeHost.FilesOf(Cuda).Select(Path.GetFileName).Order(), files);
        Assert.Equal(
            Addition.LibraryBytes,
            new FileInfo(Path.Combine(folder, "libggml-cuda.so")).Length
        );
        Assert.Equal(folder, store.Find(cuda12)!.Directory);
        // It did not install cuda, and left no parts.
        Assert.Null(store.Find(Backend.Find(fake.Host, "cuda")!));
        Assert.Equal([Path.GetFileName(folder)], Visible(folder).Where(name => name[0] != '.'));
        Assert.DoesNotContain(
            Visible(folder),
            name => name.EndsWith(".parts", StringComparison.Ordinal)
        );
        Assert.False(await store.AddAsync(cuda12, null, Cancellation));
        Assert.Equal(2, fake.NpmCalls);
    }

    [Fact]
    public async Task Cuda_12_uses_an_installed_cuda_and_outlives_it()
    {
        using var fake = new FakeHost().WithInstallingNpm(Cuda, Addition);
        var store = new BackendStore(fake.Host, _ => null);
        var cuda = Backend.Find(fake.Host, "cuda")!;
        var cuda12 = Backend.Find(fake.Host, "cuda12")!;
        var heard = new LinesHeard();

        await store.AddAsync(cuda, null, Cancellation);
        await store.AddAsync(cuda12, heard, Cancellation);

        Assert.Equal(2, fake.NpmCalls);
        Assert.StartsWith("cuda12: 177 MB to download, 374 MB on the disk", heard.Lines[0]);
        Assert.Equal("cuda, cuda12", store.Installed());
        await store.RemoveAsync(cuda, Cancellation);
        Assert.Equal("cuda12", store.Installed());
        await store.RemoveAsync(cuda12, Cancellation);
        Assert.Equal("none", store.Installed());
    }

    [Fact]
    public async Task What_arrived_before_a_kill_is_not_fetched_again()
    {
        using var fake = new FakeHost().WithInstallingNpm(Cuda, Addition);
        var store = new BackendStore(fake.Host, _ => null);
        var cuda12 = Backend.Find(fake.Host, "cuda12")!;
        var hidden = LlamaPackageFetcher.Hidden(store.LibraryFolder(cuda12));
        // The complete package had come; the addition was under way; and composing had begun once.
        await LlamaPackageFetcher.FetchAsync(
            fake.Host,
            hidden + ".parts",
            Cuda,
            null,
            Cancellation
        );
        Directory.CreateDirectory(hidden + ".tmp-of-a-killed-one");
        Directory.CreateDirectory(
            Path.Combine(hidden + ".parts", ".linux-x64-cuda-ext-3.21.1.tmp-1", "half")
        );
        var heard = new LinesHeard();

        await store.AddAsync(cuda12, heard, Cancellation);

        Assert.StartsWith("cuda12: 177 MB to download", heard.Lines[0]);
        Assert.Equal(2, fake.NpmCalls);
        Assert.NotNull(store.Find(cuda12));
        Assert.False(Directory.Exists(hidden + ".parts"));
        Assert.False(Directory.Exists(hidden + ".tmp-of-a-killed-one"));
    }

    [Fact]
    public async Task A_composed_folder_without_its_library_is_made_again()
    {
        using var fake = new FakeHost().WithInstallingNpm(Cuda, Addition);
        var store = new BackendStore(fake.Host, _ => null);
        var cuda12 = Backend.Find(fake.Host, "cuda12")!;
        await store.AddAsync(cuda12, null, Cancellation);
        File.Delete(Path.Combine(store.LibraryFolder(cuda12), "libggml-cuda.so"));

        Assert.Null(store.Find(cuda12));
        Assert.True(await store.AddAsync(cuda12, null, Cancellation));
        Assert.NotNull(store.Find(cuda12));
    }

    [Fact]
    public async Task A_disk_without_room_is_refused_before_anything_is_fetched()
    {
        using var fake = new FakeHost().WithInstallingNpm(Cuda, Addition);
        var store = new BackendStore(fake.Host, _ => 100_000_000);

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            store.AddAsync(Backend.Find(fake.Host, "cuda12")!, null, Cancellation)
        );

        Assert.Equal(
            $"no room for cuda12: it needs 882 MB while it is installed, and the disk of {LlamaPackageFetcher.Parent(fake.Host)} has 100 MB left; ECHORATE_HOME may name another folder",
            e.Message
        );
        Assert.Equal(0, fake.NpmCalls);
        Assert.False(Directory.Exists(LlamaPackageFetcher.Parent(fake.Host)));
    }

    // Beside a folder; locks of fetches stay, and the folder itself stands for them all.
    private static string[] Visible(string folder) =>
        [
            .. Directory
                .GetFileSystemEntries(Path.GetDirectoryName(folder)!)
                .Select(path => Path.GetFileName(path)!)
                .Select(name => name.EndsWith(".lock", StringComparison.Ordinal) ? "." : name)
                .Distinct(),
        ];
}
