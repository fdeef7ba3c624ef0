using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Natives;

namespace EchoRate.Tests.Machine;

public class LlamaPackageFetcherTests
{
    private static readonly LlamaPackage Package = LlamaPackageTests.Named("linux-x64");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fetching_says_what_how_large_and_where_to_and_then_is_silent()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        var heard = new LinesHeard();
        var target = LlamaPackageFetcher.PackageFolder(fake.Host, Package);

        var first = await LlamaNatives.EnsureAsync(fake.Host, null, heard, Cancellation);
        var second = await LlamaNatives.EnsureAsync(fake.Host, null, heard, Cancellation);

        Assert.Equal(LlamaSource.User, first.Source);
        Assert.Equal(first, second);
        Assert.Equal(1, fake.NpmCalls);
        Assert.Equal(
            [
                $"fetching llama.cpp v0.4.0 for linux-x64 (10.6 MB) to {target}",
                $"llama.cpp v0.4.0 is in {target}",
            ],
            heard.Lines
        );
        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task Npm_is_told_to_install_the_lock_and_to_run_no_scripts()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        await LlamaPackageFetcher.FetchAsync(fake.Host, Package, cancellation: Cancellation);
        var call = await File.ReadAllTextAsync(fake.In("calls"), Cancellation);
        Assert.StartsWith("ci --force --ignore-scripts ", call, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_at_once_one_fetches_and_the_others_wait_and_find()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package, seconds: 1);
        var heard = Enumerable.Range(0, 3).Select(_ => new LinesHeard()).ToList();

        var found = await Task.WhenAll(
            heard.Select(lines =>
                Task.Run(
                    () => LlamaNatives.EnsureAsync(fake.Host, null, lines, Cancellation),
                    Cancellation
                )
            )
        );

        Assert.Equal(1, fake.NpmCalls);
        Assert.Single(found.Distinct());
        Assert.Equal(
            2,
            heard.Count(lines =>
                lines.Lines.Contains("another process is fetching linux-x64: waiting for it")
            )
        );
        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task Leftovers_of_a_killed_install_are_removed_and_its_lock_file_does_not_block()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        var target = LlamaPackageFetcher.PackageFolder(fake.Host, Package);
        var hidden = Path.Combine(Path.GetDirectoryName(target)!, "." + Path.GetFileName(target));
        Directory.CreateDirectory(hidden + ".tmp-0123/node_modules/half");
        await File.WriteAllTextAsync(hidden + ".tmp-0123/package.json", "{", Cancellation);
        await File.WriteAllTextAsync(hidden + ".lock", "", Cancellation);

        await LlamaNatives.EnsureAsync(fake.Host, null, null, Cancellation);

        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task A_damaged_package_is_fetched_again_and_why_is_said()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        var folder = await LlamaPackageFetcher.FetchAsync(
            fake.Host,
            Package,
            cancellation: Cancellation
        );
        File.Delete(Path.Combine(folder, "libllama.v0.4.0.so"));
        var heard = new LinesHeard();

        var found = await LlamaNatives.EnsureAsync(fake.Host, null, heard, Cancellation);

        Assert.True(File.Exists(found.Llama));
        Assert.Equal(
            $"missing library: no libllama.so in {folder}: fetching it again",
            heard.Lines[0]
        );
        AssertNothingTemporary(fake);
    }

    [Fact]
    public async Task A_package_that_adds_to_another_is_checked_for_its_one_library()
    {
        var extra = LlamaPackageTests.Named("linux-x64-cuda-ext");
        using var fake = new FakeHost().WithInstallingNpm(extra);

        var folder = await LlamaPackageFetcher.FetchAsync(
            fake.Host,
            extra,
            cancellation: Cancellation
        );

        Assert.True(File.Exists(Path.Combine(folder, "libggml-cuda.so")));
        await Assert.ThrowsAsync<ArgumentException>(() =>
            LlamaNatives.EnsureAsync(fake.Host, extra, null, Cancellation)
        );
    }

    [Fact]
    public async Task Without_npm_the_line_says_what_to_install_or_set()
    {
        using var fake = new FakeHost();
        await AssertFailsAsync(
            fake,
            "no npm on PATH to fetch llama.cpp's libraries with: install Node.js 20 or newer, or let ECHORATE_LLAMA_DIR name a folder that has them"
        );
    }

    [Fact]
    public async Task A_file_called_npm_that_is_no_program_is_not_npm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows programs by their extension");
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("path", "npm"), "", Cancellation);
        Assert.Null(Npm.Find(fake.Host));
    }

    [Theory]
    [InlineData("npm.cmd")]
    [InlineData("npm.exe")]
    public void On_windows_npm_has_an_extension(string name)
    {
        using var fake = new FakeHost(HostSystem.Windows);
        File.WriteAllText(fake.In("path", "npm"), "the shell script that lies beside it");
        FakeHost.Library(fake.In("path", name), []);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(
                fake.In("path", name),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        Assert.Equal(fake.In("path", name), Npm.Find(fake.Host)!.Path);
    }

    // What npm 11 really printed, shortened; addresses left out.
    [Theory]
    [InlineData(
        "npm error code EINTEGRITY\nnpm error Integrity checksum failed when using sha512: wanted A but got B.",
        "wrong hash: what npm got for @node-llama-cpp/linux-x64 3.21.1 is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
    )]
    [InlineData(
        "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\nnpm error network request failed",
        "no network: npm could not reach its registry for @node-llama-cpp/linux-x64 3.21.1 (ENOTFOUND); or let ECHORATE_LLAMA_DIR name a folder with llama.cpp's libraries"
    )]
    [InlineData(
        "npm ERR! code ECONNREFUSED\nnpm ERR! syscall connect",
        "no network: npm could not reach its registry for @node-llama-cpp/linux-x64 3.21.1 (ECONNREFUSED); or let ECHORATE_LLAMA_DIR name a folder with llama.cpp's libraries"
    )]
    [InlineData(
        "npm error code ETARGET\nnpm error notarget No matching version found for @node-llama-cpp/linux-x64@3.21.1.\nnpm error notarget In most cases",
        "failed download of @node-llama-cpp/linux-x64 3.21.1: npm says ETARGET: No matching version found for @node-llama-cpp/linux-x64@3.21.1."
    )]
    [InlineData(
        "npm error code E503\nnpm error 503 Service Unavailable\nnpm error A complete log of this run can be found in: x",
        "failed download of @node-llama-cpp/linux-x64 3.21.1: npm says E503: 503 Service Unavailable"
    )]
    [InlineData(
        "npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28\nnpm error nospc ENOSPC: no space left on device, write",
        "full disk: npm could not write the files of @node-llama-cpp/linux-x64 3.21.1"
    )]
    [InlineData(
        "npm error code EACCES\nnpm error syscall mkdir\nnpm error path /cache/tmp\nnpm error errno -13",
        "no write permission: npm could not write /cache/tmp (EACCES)"
    )]
    [InlineData(
        "env: 'node': No such file or directory",
        "failed download of @node-llama-cpp/linux-x64 3.21.1: npm ended with exit code 7: env: 'node': No such file or directory"
    )]
    [InlineData(
        "",
        "failed download of @node-llama-cpp/linux-x64 3.21.1: npm ended with exit code 7"
    )]
    public async Task What_npm_says_becomes_one_line_and_nothing_stays(
        string output,
        string message
    )
    {
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("said"), output, Cancellation);
        fake.WithNpm($"mkdir -p node_modules/half\ncat '{fake.In("said")}' >&2\nexit 7");
        await AssertFailsAsync(fake, message);
        AssertNothingTemporary(fake);
        Assert.False(Directory.Exists(LlamaPackageFetcher.PackageFolder(fake.Host, Package)));
    }

    [Fact]
    public async Task An_npm_that_installs_nothing_is_caught()
    {
        using var fake = new FakeHost().WithNpm("exit 0");
        await AssertFailsAsync(
            fake,
            "no such folder: the fetched @node-llama-cpp/linux-x64 3.21.1"
        );
    }

    [Theory]
    [InlineData(
        "rm bins/linux-x64/libggml-base.so",
        "missing library: no libggml-base.so in the fetched @node-llama-cpp/linux-x64 3.21.1"
    )]
    [InlineData(
        "rm bins/linux-x64/libggml-cpu-*.so",
        "missing library: no libggml-cpu.so in the fetched @node-llama-cpp/linux-x64 3.21.1"
    )]
    [InlineData(
        "rm bins/linux-x64/_nlcBuildMetadata.json",
        "missing file: no _nlcBuildMetadata.json in the fetched @node-llama-cpp/linux-x64 3.21.1"
    )]
    [InlineData(
        "sed -i.bak s/v0.4.0/v0.3.0/ bins/linux-x64/_nlcBuildMetadata.json",
        "another llama.cpp version: have v0.3.0 in the fetched @node-llama-cpp/linux-x64 3.21.1, want v0.4.0 or v0.5.0"
    )]
    public async Task A_package_that_is_not_what_it_should_be_is_not_installed(
        string spoil,
        string message
    )
    {
        using var fake = new FakeHost();
        FakeHost.Package(Package, fake.In("prepared"));
        fake.WithNpm(
            $"mkdir -p node_modules/@node-llama-cpp\ncp -r '{fake.In("prepared")}' node_modules/{Package.NpmName}\ncd node_modules/{Package.NpmName}\n{spoil}"
        );
        await AssertFailsAsync(fake, message);
        Assert.False(Directory.Exists(LlamaPackageFetcher.PackageFolder(fake.Host, Package)));
    }

    [Fact]
    public async Task A_plugin_cut_short_by_a_full_disk_is_noticed_though_npm_was_content()
    {
        using var fake = new FakeHost();
        FakeHost.Package(Package, fake.In("prepared"));
        File.WriteAllBytes(fake.In("prepared", "bins", "linux-x64", "libggml-cpu-zen4.so"), []);
        fake.WithNpm(
            $"mkdir -p node_modules/@node-llama-cpp\ncp -r '{fake.In("prepared")}' node_modules/{Package.NpmName}"
        );
        await AssertFailsAsync(
            fake,
            FormattableString.Invariant(
                $"incomplete package: the fetched @node-llama-cpp/linux-x64 3.21.1 has {Package.LibraryBytes - 64:N0} of {Package.LibraryBytes:N0} bytes; is the disk full?"
            )
        );
    }

    [Fact]
    public async Task An_npm_that_does_not_start_is_named()
    {
        using var fake = new FakeHost().WithNpm("");
        Assert.True(Npm.Find(fake.Host) is not null);
        File.Delete(fake.In("path", "npm"));
        await File.WriteAllTextAsync(fake.In("npm"), "#!/no/such/interpreter\n", Cancellation);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(fake.In("npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        fake.With("PATH", fake.Root);

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaNatives.EnsureAsync(fake.Host, null, null, Cancellation)
        );

        Assert.StartsWith($"cannot start {fake.In("npm")}: ", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_written_is_named_with_the_way_out()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        await File.WriteAllTextAsync(fake.In("file"), "", Cancellation);
        fake.With("ECHORATE_HOME", fake.In("file", "below"));

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaNatives.EnsureAsync(fake.Host, null, null, Cancellation)
        );

        Assert.StartsWith(
            $"cannot write to {fake.In("file", "below", "natives")}: ",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "; ECHORATE_HOME may name another folder",
            e.Message,
            StringComparison.Ordinal
        );
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public async Task A_platform_without_a_package_fails_before_npm_is_asked()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package);
        var musl = fake.Host with { IsMusl = true };
        await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaNatives.EnsureAsync(musl, null, null, Cancellation)
        );
        Assert.Equal(0, fake.NpmCalls);
    }

    [Fact]
    public async Task Cancelling_ends_npm_and_leaves_nothing()
    {
        using var fake = new FakeHost().WithInstallingNpm(Package, seconds: 60);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var fetching = LlamaNatives.EnsureAsync(fake.Host, null, null, source.Token);
        while (fake.NpmCalls == 0)
            await Task.Delay(20, Cancellation);

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetching);
        AssertNothingTemporary(fake);
    }

    private static async Task AssertFailsAsync(FakeHost fake, string message)
    {
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            LlamaNatives.EnsureAsync(fake.Host, null, null, Cancellation)
        );
        Assert.Equal(message, e.Message);
    }

    private static void AssertNothingTemporary(FakeHost fake) =>
        Assert.Empty(
            Directory.EnumerateDirectories(Path.Combine(fake.Host.DataFolder, "natives"), "*.tmp-*")
        );
}
