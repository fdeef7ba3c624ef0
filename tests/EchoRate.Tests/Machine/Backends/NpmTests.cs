using EchoRate.Core.Engine;
using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Finding npm, and what it says when it fails.</summary>
public class NpmTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

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
        File.WriteAllText(fake.In("path", name), "");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(
                fake.In("path", name),
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
            );
        }
        Assert.Equal(fake.In("path", name), Npm.Find(fake.Host)!.Path);
    }

    // What npm 11 really printed, shortened; addresses left out.
    [Theory]
    [InlineData(
        "npm error code EINTEGRITY\nnpm error Integrity checksum failed when using sha512: wanted A but got B.",
        "wrong hash: what npm got for @node-llama-cpp/linux-x64-vulkan is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
    )]
    [InlineData(
        "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\nnpm error network request failed",
        "no network: npm could not reach its registry for @node-llama-cpp/linux-x64-vulkan (ENOTFOUND); or put libggml-vulkan.so of npm's package @node-llama-cpp/linux-x64-vulkan 3.20.0 (bins/linux-x64-vulkan/libggml-vulkan.so) into FOLDER by hand"
    )]
    [InlineData(
        "npm ERR! code ECONNREFUSED\nnpm ERR! syscall connect",
        "no network: npm could not reach its registry for @node-llama-cpp/linux-x64-vulkan (ECONNREFUSED); or put libggml-vulkan.so of npm's package @node-llama-cpp/linux-x64-vulkan 3.20.0 (bins/linux-x64-vulkan/libggml-vulkan.so) into FOLDER by hand"
    )]
    [InlineData(
        "npm error code ETARGET\nnpm error notarget No matching version found for @node-llama-cpp/linux-x64-vulkan@3.20.0.\nnpm error notarget In most cases",
        "failed download of @node-llama-cpp/linux-x64-vulkan: npm says ETARGET: No matching version found for @node-llama-cpp/linux-x64-vulkan@3.20.0."
    )]
    [InlineData(
        "npm error code E503\nnpm error 503 Service Unavailable\nnpm error A complete log of this run can be found in: x",
        "failed download of @node-llama-cpp/linux-x64-vulkan: npm says E503: 503 Service Unavailable"
    )]
    [InlineData(
        "npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28\nnpm error nospc ENOSPC: no space left on device, write",
        "full disk: npm could not write the files of @node-llama-cpp/linux-x64-vulkan"
    )]
    [InlineData(
        "npm error code EACCES\nnpm error syscall mkdir\nnpm error path /cache/tmp\nnpm error errno -13",
        "no write permission: npm could not write /cache/tmp (EACCES)"
    )]
    [InlineData(
        "env: 'node': No such file or directory",
        "failed download of @node-llama-cpp/linux-x64-vulkan: npm ended with exit code 7: env: 'node': No such file or directory"
    )]
    [InlineData(
        "",
        "failed download of @node-llama-cpp/linux-x64-vulkan: npm ended with exit code 7"
    )]
    public async Task What_npm_says_becomes_one_line(string output, string message)
    {
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("said"), output, Cancellation);
        fake.WithNpm($"cat '{fake.In("said")}' >&2\nexit 7");

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            fake.Store.AddAsync(Backend.Find(fake.Host, "vulkan")!, null, Cancellation)
        );

        Assert.Equal(
            message.Replace(
                "FOLDER",
                fake.Store.FolderOf(Backend.Find(fake.Host, "vulkan")!),
                StringComparison.Ordinal
            ),
            e.Message
        );
    }

    [Fact]
    public async Task An_npm_that_brings_nothing_is_caught()
    {
        using var fake = new FakeHost().WithNpm("exit 0");
        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            fake.Store.AddAsync(Backend.Find(fake.Host, "vulkan")!, null, Cancellation)
        );
        Assert.Equal(
            "failed download of @node-llama-cpp/linux-x64-vulkan: npm ended without a word and brought nothing",
            e.Message
        );
    }

    [Fact]
    public async Task An_npm_that_does_not_start_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it knows no interpreter lines");
        using var fake = new FakeHost().WithNpm("");
        File.Delete(fake.In("path", "npm"));
        await File.WriteAllTextAsync(fake.In("npm"), "#!/no/such/interpreter\n", Cancellation);
#pragma warning disable CA1416 // Windows was left above.
        File.SetUnixFileMode(fake.In("npm"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
#pragma warning restore CA1416
        fake.With("PATH", fake.Root);

        var e = await Assert.ThrowsAsync<NativeLibraryException>(() =>
            fake.Store.AddAsync(Backend.Find(fake.Host, "vulkan")!, null, Cancellation)
        );

        Assert.StartsWith($"cannot start {fake.In("npm")}: ", e.Message);
    }
}
