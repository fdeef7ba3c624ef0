using EchoRate.Machine.Backends;
using EchoRate.Machine.Host;

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

    // What npm 11 really printed, shortened.
    [Theory]
    [InlineData(
        "npm error code ENOTFOUND\nnpm error syscall getaddrinfo\nnpm error errno ENOTFOUND\nnpm error network request failed\nnpm error more",
        7,
        "(exit code 7): npm error code ENOTFOUND; npm error syscall getaddrinfo; npm error errno ENOTFOUND; npm error network request failed; where there is no network: put libggml-vulkan.so of npm's package"
    )]
    [InlineData("", 0, "(exit code 0): ;")]
    public async Task What_npm_says_becomes_one_line(string output, int exitCode, string message)
    {
        using var fake = new FakeHost();
        await File.WriteAllTextAsync(fake.In("said"), output, Cancellation);
        fake.WithNpm($"cat '{fake.In("said")}' >&2\nexit {exitCode}");

        Assert.StartsWith(
            $"npm did not bring {fake.Vulkan.Package} {message}",
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
