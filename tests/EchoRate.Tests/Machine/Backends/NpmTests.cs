using EchoRate.Machine;
using EchoRate.Machine.Backends;

namespace EchoRate.Tests.Machine.Backends;

/// <summary>Finding npm, and what it says when it fails.</summary>
public class NpmTests
{
    private const string ByHand =
        "; or put libggml-vulkan.so of npm's package PACKAGE 3.20.0 (bins/linux-x64-vulkan/libggml-vulkan.so) into FOLDER by hand";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_called_npm_that_is_no_program_is_not_npm()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows knows programs by their extension");
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("path", "npm"), "", Cancellation);
        Assert.Null(NpmPackage.FindNpm(fake.Host));
    }

    [Theory]
    [InlineData("npm.cmd")]
    [InlineData("npm.exe")]
    public void On_windows_npm_has_an_extension(string name)
    {
        using var fake = new FakeHost(HostSystem.Windows);
        fake.WithProgram("npm", "the shell script that lies beside it").WithProgram(name, "");
        Assert.Equal(fake.In("path", name), NpmPackage.FindNpm(fake.Host));
    }

    // What npm 11 really printed, shortened; addresses left out. PACKAGE stands for @node-llama-cpp/linux-x64-vulkan.
    [Theory]
    [InlineData(
        "npm error code EINTEGRITY\nnpm error Integrity checksum failed when using sha512: wanted A but got B.",
        "wrong hash: what npm got for PACKAGE is not what EchoRate was built to trust, and nothing was installed; try 'npm cache verify', or another registry mirror"
    )]
    [InlineData(
        "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\nnpm error network request failed",
        "no network: npm could not reach its registry for PACKAGE (ENOTFOUND)" + ByHand
    )]
    [InlineData(
        "npm ERR! code ECONNREFUSED\nnpm ERR! syscall connect",
        "no network: npm could not reach its registry for PACKAGE (ECONNREFUSED)" + ByHand
    )]
    [InlineData(
        "npm error code SELF_SIGNED_CERT_IN_CHAIN",
        "no network: npm could not reach its registry for PACKAGE (SELF_SIGNED_CERT_IN_CHAIN)"
            + ByHand
    )]
    [InlineData(
        "npm error code ETARGET\nnpm error notarget No matching version found for PACKAGE@3.20.0.\nnpm error notarget In most cases",
        "failed download of PACKAGE: npm says ETARGET: No matching version found for PACKAGE@3.20.0."
    )]
    [InlineData(
        "npm error code E503\nnpm error 503 Service Unavailable\nnpm error A complete log of this run can be found in: x",
        "failed download of PACKAGE: npm says E503: 503 Service Unavailable"
    )]
    [InlineData(
        "npm error code ENOSPC\nnpm error syscall write\nnpm error errno -28\nnpm error nospc ENOSPC: no space left on device, write",
        "full disk: npm could not write the files of PACKAGE"
    )]
    [InlineData(
        "npm error code EACCES\nnpm error syscall mkdir\nnpm error path /cache/tmp\nnpm error errno -13",
        "no write permission: npm could not write /cache/tmp (EACCES)"
    )]
    [InlineData(
        "env: 'node': No such file or directory",
        "failed download of PACKAGE: npm ended with exit code 7: env: 'node': No such file or directory"
    )]
    [InlineData("", "failed download of PACKAGE: npm ended with exit code 7")]
    public async Task What_npm_says_becomes_one_line(string output, string message)
    {
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("said"), output, Cancellation);
        fake.WithNpm($"cat '{fake.In("said")}' >&2\nexit 7");

        Assert.Equal(
            message.Replace("FOLDER", fake.Store.FolderOf(fake.Vulkan)),
            (await FailureOf(fake)).Replace(fake.Vulkan.Package, "PACKAGE")
        );
    }

    [Fact]
    public async Task An_npm_that_brings_nothing_is_caught()
    {
        using var fake = new FakeHost().WithNpm("exit 0");
        Assert.Equal(
            "failed download of @node-llama-cpp/linux-x64-vulkan: npm ended without a word and brought nothing",
            await FailureOf(fake)
        );
    }

    [Fact]
    public async Task An_npm_that_does_not_start_is_named()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it knows no interpreter lines");
        using var fake = new FakeHost().WithProgram("npm", "#!/no/such/interpreter\n");
        Assert.StartsWith($"cannot start {fake.In("path", "npm")}: ", await FailureOf(fake));
    }

    private static async Task<string> FailureOf(FakeHost fake) =>
        (
            await Assert.ThrowsAsync<NativeLibraryException>(() =>
                fake.Store.AddAsync(fake.Vulkan, null, Cancellation)
            )
        ).Message;
}
